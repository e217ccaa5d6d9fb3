// A page of the house's documents, and the code in it.
#pragma once

#include <string>

#include "tests/places.h"
#include "tests/scratch.h"

namespace tests {

// The text of `page`, such as "docs/analysis.md".
inline std::string text_of_page(const std::string& page) {
  return bytes_of(std::filesystem::path(repository()) / page);
}

// All that stands between ```python and ```, in order.
inline std::string python_of_page(const std::string& page) {
  const std::string text = text_of_page(page), open = "```python\n";
  std::string code;
  for (size_t at = 0; (at = text.find(open, at)) != std::string::npos;) {
    const size_t begin = at + open.size();
    at = text.find("```", begin);
    code += text.substr(begin, at - begin);
  }
  return code;
}

}  // namespace tests
