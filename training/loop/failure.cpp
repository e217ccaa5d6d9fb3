#include "training/loop/failure.h"

#include <new>

#include "core/error.h"

namespace training {

std::string sentence(const std::exception& error) {
  if (dynamic_cast<const std::bad_alloc*>(&error)) return "there is not enough memory for what was asked";
  std::string text = error.what();
  text = text.substr(0, text.find('\n'));
  if (text.starts_with("[enforce fail") && text.find("] ") != std::string::npos)
    text = text.substr(text.find("] ") + 2);
  return text.substr(0, text.find(" (Exception raised from"));
}

bool is_out_of_memory(const std::exception& error) {
  const std::string text = error.what();
  return dynamic_cast<const std::bad_alloc*>(&error) ||
         text.find("can't allocate memory") != std::string::npos ||
         text.find("not enough memory") != std::string::npos ||
         text.find("Storage size calculation overflowed") != std::string::npos;
}

void require_finite(const torch::Tensor& numbers, const std::string& what) {
  if (numbers.isfinite().all().item<bool>()) return;
  throw core::Error(what + " are not finite: the net's weights are too large, or its inputs",
                    core::Exit::failed);
}

}  // namespace training
