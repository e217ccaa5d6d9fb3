#include "core/formats/pictures.h"

#include <algorithm>
#include <span>

#include "core/error.h"
#include "core/formats/csv.h"
#include "core/formats/data_file.h"
#include "core/formats/png.h"
#include "core/path.h"

namespace core::formats {
namespace {

namespace fs = std::filesystem;

constexpr uint64_t most_picture_bytes = uint64_t{1} << 30;
constexpr size_t most_side = 1 << 14;

std::vector<fs::path> sorted_entries(const fs::path& folder) {
  std::vector<fs::path> entries;
  try {
    for (const auto& entry : fs::directory_iterator(folder))
      if (!entry.path().filename().string().starts_with('.')) entries.push_back(entry.path());
  } catch (const fs::filesystem_error& error) {
    fail("{}", message(error));
  }
  std::sort(entries.begin(), entries.end());
  return entries;
}

bool has_picture_ending(const fs::path& file) {
  const std::string end = ending(file);
  return end == ".png" || end == ".jpg" || end == ".jpeg";
}

void list_class(PictureFolder& all, const fs::path& folder) {
  const std::string name = folder.filename().string();
  check_csv_name(name, folder.string() + ": ");
  const size_t before = all.files.size();
  for (const fs::path& file : sorted_entries(folder)) {
    if (has_picture_ending(file))
      all.files.push_back({file, std::ssize(all.classes)});
    else
      ++all.others;
  }
  check(all.files.size() > before, "{}: no pictures (.png, .jpg, .jpeg) of this class", folder.string());
  all.classes.push_back(name);
}

std::string bytes_of_picture(const fs::path& file) {
  require_data(file, "a picture");
  return read_file(file, "a picture", most_picture_bytes);
}

std::span<const uint8_t> as_bytes(const std::string& text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

// Whatever the file is called.
bool is_png(const std::string& bytes) { return bytes.starts_with("\x89PNG"); }
bool is_jpeg(const std::string& bytes) { return bytes.starts_with("\xFF\xD8"); }

}  // namespace

PictureFolder list_pictures(const fs::path& folder) {
  check(fs::is_directory(folder), "{}", absent(folder, "folder of pictures"));
  PictureFolder all;
  for (const fs::path& entry : sorted_entries(folder)) {
    if (fs::is_directory(entry))
      list_class(all, entry);
    else
      ++all.others;
  }
  check(!all.classes.empty(), "{}: expected a folder of pictures for each class in it, found none",
        folder.string());
  return all;
}

PictureShape picture_shape(const fs::path& file, size_t channels) {
  const std::string bytes = bytes_of_picture(file);
  check(is_png(bytes) || is_jpeg(bytes), "{}: expected a PNG or JPEG picture", file.string());
  PictureShape shape{0, 0, channels};
  const std::string wrong =
      is_png(bytes) ? png_size(as_bytes(bytes), shape) : jpeg_size(as_bytes(bytes), shape);
  check(wrong.empty(), "{}: {}", file.string(), wrong);
  check(shape.height > 0 && shape.width > 0 && shape.height <= most_side && shape.width <= most_side,
        "{}: {} x {} pixels, expected sides of 1 .. {}", file.string(), shape.height, shape.width, most_side);
  return shape;
}

void read_picture(const fs::path& file, const PictureShape& shape, uint8_t* pixels) {
  const std::string bytes = bytes_of_picture(file);
  check(is_png(bytes) || is_jpeg(bytes), "{}: expected a PNG or JPEG picture", file.string());
  const size_t area = shape.height * shape.width;
  std::vector<uint8_t> rows(area * shape.channels);
  const std::string wrong = is_png(bytes) ? decode_png(as_bytes(bytes), shape, rows.data())
                                          : decode_jpeg(as_bytes(bytes), shape, rows.data());
  check(wrong.empty(), "{}: {}", file.string(), wrong);
  for (size_t c = 0; c < shape.channels; ++c)
    for (size_t i = 0; i < area; ++i) pixels[c * area + i] = rows[i * shape.channels + c];
}

}  // namespace core::formats
