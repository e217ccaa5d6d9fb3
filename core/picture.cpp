#include "core/picture.h"

namespace core {

const char* kind_name(Picture::Kind kind) {
  static constexpr const char* names[] = {"image", "points", "grid", "matrix", "text"};
  return names[static_cast<size_t>(kind)];
}

void Gallery::images(std::string name, std::string sentence, std::vector<int64_t> shape,
                     std::vector<float> data, int64_t columns, std::vector<std::string> labels) {
  pictures.push_back({.name = std::move(name),
                      .kind = Picture::Kind::image,
                      .sentence = std::move(sentence),
                      .shape = std::move(shape),
                      .data = std::move(data),
                      .columns = columns,
                      .labels = std::move(labels)});
}

void Gallery::points(std::string name, std::string sentence, std::vector<float> xy, Rect extent,
                     std::vector<int64_t> classes, std::vector<std::string> labels) {
  const auto rows = static_cast<int64_t>(xy.size() / 2);
  pictures.push_back({.name = std::move(name),
                      .kind = Picture::Kind::points,
                      .sentence = std::move(sentence),
                      .shape = {rows, 2},
                      .data = std::move(xy),
                      .extent = extent,
                      .labels = std::move(labels),
                      .classes = std::move(classes)});
}

void Gallery::grid(std::string name, std::string sentence, int64_t height, int64_t width,
                   std::vector<float> values, Rect extent) {
  pictures.push_back({.name = std::move(name),
                      .kind = Picture::Kind::grid,
                      .sentence = std::move(sentence),
                      .shape = {height, width},
                      .data = std::move(values),
                      .extent = extent});
}

void Gallery::matrix(std::string name, std::string sentence, std::vector<std::string> labels,
                     std::vector<float> values) {
  const auto rows = static_cast<int64_t>(labels.size());
  pictures.push_back({.name = std::move(name),
                      .kind = Picture::Kind::matrix,
                      .sentence = std::move(sentence),
                      .shape = {rows, rows},
                      .data = std::move(values),
                      .labels = std::move(labels)});
}

void Gallery::text(std::string name, std::string sentence, std::string words) {
  pictures.push_back({.name = std::move(name),
                      .kind = Picture::Kind::text,
                      .sentence = std::move(sentence),
                      .text = std::move(words)});
}

}  // namespace core
