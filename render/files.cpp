// Writing and renaming.
#include "render/files.h"

#include <fstream>

#include "core/error.h"

namespace render {

void replace_file(const std::filesystem::path& file, std::string_view bytes) {
  std::filesystem::path draft = file;
  draft += ".part";
  std::ofstream out(draft, std::ios::binary);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  out.close();
  core::check(out.good(), "{}: cannot be written (folder missing, not writable or full?)", file.string());
  std::filesystem::rename(draft, file);
}

}  // namespace render
