// Folders of PNG and JPEG pictures, a folder for each class.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/formats/jpeg.h"

namespace core::formats {

struct PictureFolder {
  struct File {
    std::filesystem::path path;
    int64_t label = 0;  // place of its class
  };
  std::vector<std::string> classes;  // names of the folders within, by the alphabet
  std::vector<File> files;           // .png, .jpg and .jpeg of each, by the alphabet
  int64_t others = 0;                // files there of other endings, which are left aside
};

// Errors name the folder: missing, without folders within, a class without pictures.
PictureFolder list_pictures(const std::filesystem::path& folder);
// Height and width of a picture, with these channels. Error that names the file: no picture, too large.
PictureShape picture_shape(const std::filesystem::path& file, size_t channels);
// Into `pixels`, [channels, height, width]. Error that names the file: no picture, damaged, of another size.
void read_picture(const std::filesystem::path& file, const PictureShape& shape, uint8_t* pixels);

}  // namespace core::formats
