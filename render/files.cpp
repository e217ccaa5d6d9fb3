#include "render/files.h"

#include <cstdlib>
#include <fstream>
#include <iterator>

#include "core/error.h"
#include "core/path.h"

namespace render {

std::string contents(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

ScratchFolder::ScratchFolder() {
  std::string name = (core::temporary_folder() / "atelier-XXXXXX").string();
  core::check(mkdtemp(name.data()) != nullptr, "{}: no temporary folder can be made there", name);
  folder_ = name;
}

ScratchFolder::~ScratchFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

}  // namespace render
