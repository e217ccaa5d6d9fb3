// Where the objects of a drawing are to be seen: the labels of a picture that nobody has to draw by hand.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "envs/envs.h"
#include "envs/wrappers/pixels.h"

namespace commands {

// One object, as far as it can be seen: where it covers at least half of a pixel.
struct SeenObject {
  std::string kind;
  std::array<float, 4> box;     // left, top, width, height in pixels
  std::array<float, 2> centre;  // of its pixels, from the left and top
};

// Draws the scene once more for each object that the environment tells of (core::Canvas::object), that one in
// white and all else in black, so that what lies in front hides it.
class ObjectLabels {
 public:
  ObjectLabels(int width, int height);

  // Of environment i as it stands, in the order in which they are painted, without those that cannot be seen.
  // mask [H, W] becomes 1 where one of them is.
  std::vector<SeenObject> look(const envs::Envs& envs, int64_t i, uint8_t* mask) const;

 private:
  int width_, height_;
  envs::OffscreenCanvas canvas_;
};

}  // namespace commands
