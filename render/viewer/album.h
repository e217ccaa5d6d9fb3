// The pictures that a run holds, over training time; of two runs beside each other. It shows recorded frames
// as they are and knows no kind of picture by name.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/canvas.h"
#include "render/viewer/volume.h"

namespace render {

class Album {
 public:
  // One run folder or two. Starts with the newest picture, of several with the one that the learner draws
  // first. Error when one of them holds no picture.
  explicit Album(const std::vector<std::filesystem::path>& runs);

  // A slider over the training steps at which there is a frame of the present kind, 0 .. length. Of two runs
  // each shows its latest frame at that step.
  int64_t t() const { return t_; }
  int64_t length() const { return static_cast<int64_t>(steps_.size()) - 1; }
  double rate() const { return 4; }      // frames a second when it plays
  void seek(int64_t t);                  // clamped
  void choose(const std::string& kind);  // Error when no run holds such pictures
  const std::vector<std::string>& kinds() const { return kinds_; }
  bool turn(int by);  // to the next kind of picture, or back; goes round; false with just one
  int64_t training_step() const { return steps_[static_cast<size_t>(t_)]; }
  int64_t env_steps() const { return 0; }  // models make none

  // Looks whether the files have grown; true when there is something new to see. From the last frame it
  // follows to the new last one. Torn or vanished files leave everything as it was until the next call.
  bool refresh();

  const std::string& kind() const { return kinds_[kind_]; }  // the present kind's name
  std::string title() const;                                 // "fashion_vae  ·  seed 0  ·  reconstructions"
  std::string sentence() const;                              // what a person sees in it

  // Fills `area` (pixels, y up); capitals are `word` pixels high.
  void draw(core::Canvas& canvas, core::Rect area, double word) const;

 private:
  void list_kinds();
  size_t newest_kind() const;
  void list_steps();
  int64_t last_until(int64_t step) const;  // the slider's last place at or before it
  bool show();
  void draw_tabs(core::Canvas& canvas, core::Rect room, double word, double thumbnail) const;
  double width_in(core::Rect room) const;
  void draw_label(core::Canvas& canvas, double middle, double y, double word, double room, size_t k) const;
  void draw_volumes(core::Canvas& canvas, core::Rect room, double word) const;
  void draw_volume(core::Canvas& canvas, core::Rect room, double word, size_t k) const;

  std::vector<Volume> volumes_;
  std::string title_;  // of the runs
  std::vector<std::string> labels_;
  std::vector<std::string> kinds_;  // of either
  size_t kind_ = 0;
  std::vector<int64_t> steps_;  // at which a run has a frame of the present kind
  int64_t t_ = 0;
  mutable std::vector<core::Image> scaled_;  // what is shown, in the size that it was last drawn at
};

}  // namespace render
