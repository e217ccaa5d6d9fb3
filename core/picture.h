// What a learner shows: arrays with a kind. Learners fill a Gallery; render/ turns each Picture into pixels.
#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/canvas.h"

namespace core {

struct Image {  // 8-bit pixels, row-major, top row first, [H, W, C]
  int width = 0, height = 0, channels = 3;
  std::vector<uint8_t> pixels;
};

struct Picture {
  enum class Kind { image, points, grid, matrix, text };
  std::string name;
  Kind kind = Kind::image;
  std::string sentence;  // what a person sees in it
  std::vector<int64_t>
      shape;                // image: [N, H, W, C]; points: [N, 2]; grid: [H, W], row 0 lowest; matrix: [R, C]
  std::vector<float> data;  // row-major; image: 0..1
  int64_t columns = 0;      // image: pictures per row (0: near square)
  Rect extent{};            // points, grid: the window of the plane
  std::vector<std::string> labels;  // matrix: of rows and columns; image: one under each picture; points:
                                    // names of classes; may be empty
  std::vector<std::string> column_labels;  // matrix: of columns alone, where `labels` are of rows alone
  std::vector<int64_t> classes;            // points: of each the class, an index of `labels`; empty without
  std::string text;                        // text
};

const char* kind_name(Picture::Kind kind);

// What a person may wish of a model's samples. Whoever fulfils it heeds it: one that is ignored can be
// refused.
template <class T>
class Wish {
 public:
  Wish() = default;
  template <class U>
  requires(std::constructible_from<std::optional<T>, U> && !std::same_as<U, Wish>) Wish(U value)
      : value_(std::move(value)) {}  // or none

  const std::optional<T>& heed() const {
    heeded_ = true;
    return value_;
  }
  bool ignored() const { return value_ && !heeded_; }

 private:
  std::optional<T> value_;
  mutable bool heeded_ = false;
};

struct Request {
  Wish<std::string> class_name;  // samples of this class alone: its name or number
  Wish<std::string> prompt;      // the text that is gone on with
  Wish<double> temperature;      // of the draws; 1: as learned, 0: always the most likely
  Wish<int64_t> top_k;           // draws among so many most likely; 0: among all
  Wish<double> top_p;            // and among the fewest that are so likely together; 1: among all
};

// What sample() fills. `n` is how many samples are wanted; of text: how many characters.
struct Gallery {
  int64_t n = 64;
  Request request{};
  std::vector<Picture> pictures{};

  void images(std::string name, std::string sentence, std::vector<int64_t> shape, std::vector<float> data,
              int64_t columns = 0, std::vector<std::string> labels = {});
  // classes: of each point, an index of `labels`, their names; both empty where points have none.
  void points(std::string name, std::string sentence, std::vector<float> xy, Rect extent,
              std::vector<int64_t> classes = {}, std::vector<std::string> labels = {});
  void grid(std::string name, std::string sentence, int64_t height, int64_t width, std::vector<float> values,
            Rect extent);
  void matrix(std::string name, std::string sentence, std::vector<std::string> labels,
              std::vector<float> values);
  void text(std::string name, std::string sentence, std::string words);
};

}  // namespace core
