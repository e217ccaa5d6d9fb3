#include "supervised/scratch/broadcast.h"

#include <algorithm>

#include "core/error.h"

namespace supervised::scratch {
namespace {

// From the end: how wide side d is, 1 beyond the first.
int64_t side(const Shape& shape, size_t from_end) {
  return from_end < shape.size() ? shape[shape.size() - 1 - from_end] : 1;
}

// Joins the two innermost of `sides` so far with the one before, where both arrays go on as if it were one.
void join(Broadcast& walk) {
  const size_t outer = walk.sides.size() - 1, inner = outer - 1;  // they are still from the end
  const auto goes_on = [&](const std::vector<int64_t>& step) {
    return step[outer] == step[inner] * walk.sides[inner];
  };
  if (!goes_on(walk.step_x) || !goes_on(walk.step_y)) return;
  walk.sides[inner] *= walk.sides[outer];
  for (std::vector<int64_t>* list : {&walk.sides, &walk.step_x, &walk.step_y}) list->pop_back();
}

}  // namespace

Broadcast broadcast(const Shape& x, const Shape& y, const char* operation) {
  Broadcast walk;
  int64_t behind_x = 1, behind_y = 1;  // numbers of the sides that were looked at
  for (size_t d = 0; d < std::max({x.size(), y.size(), size_t{1}}); ++d) {
    const int64_t in_x = side(x, d), in_y = side(y, d);
    core::check(in_x == in_y || in_x == 1 || in_y == 1, "{}: shapes {} and {} do not fit together", operation,
                text(x), text(y));
    walk.sides.push_back(in_x == 1 ? in_y : in_x);
    walk.step_x.push_back(in_x == 1 ? 0 : behind_x);
    walk.step_y.push_back(in_y == 1 ? 0 : behind_y);
    behind_x *= in_x;
    behind_y *= in_y;
    if (d < std::max(x.size(), y.size())) walk.shape.insert(walk.shape.begin(), walk.sides.back());
    if (walk.sides.size() > 1) join(walk);
  }
  for (std::vector<int64_t>* list : {&walk.sides, &walk.step_x, &walk.step_y})
    std::reverse(list->begin(), list->end());
  return walk;
}

}  // namespace supervised::scratch
