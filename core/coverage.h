// How much of each pixel a shape covers. A pixel is cut by fifteen lines, as Cairo cuts it, or fewer, and
// each line's share is exact.
#pragma once

#include <cstdint>
#include <vector>

#include "core/canvas.h"

namespace core {

// Of the pixels first, first + 1, ... of row y, each 0 .. 255.
struct Shares {
  int y, first;
  const uint8_t* share;
  int count;
};

// To the nearest of 0 .. 255, x not negative. std::lround is a call, and this is asked for each pixel.
inline uint8_t rounded(double x) {
  constexpr double half = 0.5;
  return static_cast<uint8_t>(x + half);
}

// Outlines are added edge by edge, then read row by row. What lies inside of any of them is covered once,
// where the outlines turn the same way (winding numbers other than 0). Nothing allocates for outlines of up
// to 64 edges, nor for others once it has grown.
class Coverage {
 public:
  Coverage(int width, int height, int lines = 15);  // of them in a pixel

  // From one pixel position to another, y down; numbers that are not finite are left out.
  void edge(Vec from, Vec to);
  // Closed; at least three points.
  void outline(const Vec* points, size_t count);
  // Counter-clockwise as the world sees it, or the other way round: a hole.
  void circle(Vec center, double radius, bool hole = false);
  // A line with round ends.
  void line(Vec from, Vec to, double width);

  // Calls paint(Shares) for each row that is covered and forgets the outlines.
  template <class Paint>
  void read(Paint paint) {
    begin();
    for (int y = top_; y < bottom_; ++y)
      if (const Shares row = cut(y); row.count > 0) paint(row);
    edges_.clear();
  }

 private:
  static constexpr size_t few = 64;

  struct Edge {
    double x, slope;  // on its first line; from one line to the next
    int first, last;  // lines, the latter excluded
    int winding;
  };
  struct Crossing {
    double x;
    int winding;
  };

  void begin();
  Shares cut(int y);
  void cross(int line);
  void change(double x, float by);
  void arc(Vec center, Vec radius, int pieces, double turn);

  int width_, height_, lines_, top_ = 0, bottom_ = 0;  // rows with edges
  size_t next_ = 0;                                    // the first edge that no line has met
  std::vector<Edge> edges_, active_;
  std::vector<Crossing> crossings_;
  std::vector<float> change_;   // [W + 2] of the share from one pixel to the next
  std::vector<uint8_t> share_;  // [W]
  int left_ = 0, right_ = 0;    // pixels that this row's edges touch
};

}  // namespace core
