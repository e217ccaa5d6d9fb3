// The viewer's state, what keys, pointer and time do to it, and its pages; a window shows it, a file keeps
// it.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "render/viewer/curves.h"
#include "render/viewer/key.h"
#include "render/viewer/page.h"
#include "render/viewer/show.h"

namespace render {

struct ViewerOptions {
  double speed = 1;       // times the show's own
  bool overlays = false;  // beside a single episode
  bool curves = false;    // beside any show, where there are some
};

class Viewer {
 public:
  // While the show is Waiting, `open` is asked for another one.
  Viewer(std::function<Show()> open, std::optional<Curves> curves, ViewerOptions options);

  void press(Key key);
  void release(Key key);
  // The pointer is held down here, in pixels from the upper left corner: on the bar it scrubs.
  void point(double x, double y, double width, double height);
  void advance(double seconds);  // plays on; after an episode's end it waits a second and goes to the next
  void seek(int64_t t);
  // Whether the picture is another one than when this was asked last.
  bool changed();

  // A pure function of what is shown and the step, while nothing was pressed.
  void draw(core::Canvas& canvas, double width, double height) const;

  bool done() const { return done_; }
  bool paused() const { return paused_; }
  double speed() const;  // 0.1 .. 50 times the show's own
  int64_t t() const;
  int64_t length() const;
  double rate() const;  // steps a second at speed 1
  Caption caption() const;
  const Show& show() const { return show_; }

 private:
  void step(int64_t by);
  void turn(int by);
  void jump(int64_t t);
  void begin_again();
  void turn_curve();
  void change_tiles();
  int64_t due(double seconds);
  void refresh();
  template <class F>
  void dare(F&& look);           // a file that cannot be read is said on the page
  const Player* single() const;  // the one episode shown, if it is one
  void draw_panel(core::Canvas& canvas, const Sheet& sheet) const;

  std::function<Show()> open_;
  Show show_;
  std::optional<Curves> curves_;
  ViewerOptions options_;
  int speed_ = 0;        // place in the list of speeds
  double due_ = 0;       // steps owed, below one
  double ended_ = 0;     // seconds since the end was reached
  double looked_ = 0;    // seconds since the files were looked at
  std::string trouble_;  // why the latest look at a file has failed
  bool paused_ = false, help_ = false, done_ = false, changed_ = true;
};

}  // namespace render
