// The pictures of one run: what there is of each kind, and the one frame that is shown.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "core/picture.h"
#include "render/viewer/live_run.h"

namespace render {

class Volume {
 public:
  struct Kind {
    core::RunFile::Film film;  // at least one frame; its steps increase
    core::Image thumbnail;     // the last frame, small
  };

  // Error when the run holds no picture.
  explicit Volume(const std::filesystem::path& folder);

  const std::string& name() const { return run_.name(); }
  const LiveRun& run() const { return run_; }
  const std::vector<Kind>& kinds() const { return kinds_; }
  const Kind* find(const std::string& kind) const;  // null when there is none

  // Looks whether the file has grown; true when there are other frames than before. What was shown then still
  // is.
  bool refresh();
  // From now on the latest frame of this kind at the step; true when that is another picture than before.
  // While the file cannot be read the old one stays, and the next call tries again.
  bool show(const std::string& kind, int64_t step);
  // The frame shown; null when it is of another kind or there is none.
  const core::Image* image(const std::string& kind) const;
  int64_t step() const { return step_; }  // of the frame shown

 private:
  std::vector<Kind> kinds_;
  LiveRun run_;
  bool stale_ = true;  // the frame below is to be read again
  std::string kind_;   // of the frame below
  int64_t step_ = -1;
  core::Image image_;
};

}  // namespace render
