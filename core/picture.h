// What a learner shows: arrays with a kind. Learners fill a Gallery; render/ turns each Picture into pixels.
#pragma once

#include <cstdint>
#include <string>
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
  std::vector<std::string>
      labels;        // matrix: of rows and columns; image: one under each picture; may be empty
  std::string text;  // text
};

const char* kind_name(Picture::Kind kind);

// What a person asks of a model that writes text.
struct GenerationOptions {
  std::string prompt;      // the text that it goes on with; may be empty
  double temperature = 1;  // of the draws; 0: always the most likely
  int64_t top_k = 0;       // draws among so many most likely; 0: among all
};

// What sample() fills. `n` is how many samples are wanted; of text: how many characters.
struct Gallery {
  int64_t n = 64;
  GenerationOptions generation{};
  std::vector<Picture> pictures{};

  void images(std::string name, std::string sentence, std::vector<int64_t> shape, std::vector<float> data,
              int64_t columns = 0, std::vector<std::string> labels = {});
  void points(std::string name, std::string sentence, std::vector<float> xy, Rect extent);
  void grid(std::string name, std::string sentence, int64_t height, int64_t width, std::vector<float> values,
            Rect extent);
  void matrix(std::string name, std::string sentence, std::vector<std::string> labels,
              std::vector<float> values);
  void text(std::string name, std::string sentence, std::string words);
};

}  // namespace core
