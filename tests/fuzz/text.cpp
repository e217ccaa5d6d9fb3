// Texts in UTF-8: what is read says the same bytes again.
#include "core/formats/text.h"

#include <stdexcept>

#include "tests/fuzz/targets.h"

namespace tests::fuzz {

namespace {

void read_text(Bytes bytes) {
  const std::string text(bytes.begin(), bytes.end());
  std::string back;
  for (const char32_t point : core::formats::code_points(text, "text")) back += core::formats::utf8(point);
  if (back != text) throw std::logic_error("another text than the file's");
}

std::vector<std::string> text_seeds() {
  return {"plain\nlines\r\n", "\xEF\xBB\xBF\xC3\xA4\xE2\x82\xAC\xF0\x9D\x84\x9E", shipped("LICENSE")};
}

}  // namespace

Target text() { return {"text", read_text, text_seeds}; }

}  // namespace tests::fuzz
