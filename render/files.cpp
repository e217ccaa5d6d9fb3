#include "render/files.h"

#include <cstdlib>
#include <fstream>
#include <iterator>

#include "core/error.h"
#include "core/leftovers.h"
#include "core/path.h"

namespace render {

std::string contents(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

ScratchFolder::ScratchFolder() {
  const std::filesystem::path temporary = core::temporary_folder();
  core::clear_abandoned(temporary);
  std::string name = (temporary / ("atelier." + core::owner_mark() + "-XXXXXX")).string();
  core::check(mkdtemp(name.data()) != nullptr, "{}: no temporary folder can be made there", name);
  folder_ = name;
  leftover_.emplace(folder_);
}

ScratchFolder::~ScratchFolder() {
  leftover_.reset();
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

}  // namespace render
