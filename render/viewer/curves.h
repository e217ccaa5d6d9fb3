// The curve of one metric over training, a line for each run.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/canvas.h"
#include "render/viewer/extremes.h"
#include "render/viewer/history.h"

namespace render {

class Curves {
 public:
  // metric "": the run's score, else what tells most. Error for an unknown one, with the nearest name, and
  // for a run without metrics.
  Curves(const std::vector<std::filesystem::path>& runs, const std::string& metric);

  const std::vector<std::string>& metrics() const { return metrics_; }
  const std::string& metric() const { return metrics_[metric_]; }
  void turn(int by);  // to the next metric, or back; goes round

  // Looks whether the files have grown; true when there are other rows. Torn or vanished files leave
  // everything as it was until the next call.
  bool refresh();

  // Whether the axis is env steps, as of all agents, not training steps.
  bool over_env_steps() const;

  // Fills `area` (pixels, y up); capitals are `word` pixels high. `marker` is a step of that axis: a
  // vertical line, and what the metric was there. Lines of more rows than the plot has pixels show their
  // means, and behind them how low and high they went.
  void draw(core::Canvas& canvas, core::Rect area, double word, std::optional<int64_t> marker) const;

 private:
  struct Thinned {       // a line's rows for a plot of so many pixel columns
    size_t columns = 0;  // 0: to be made anew
    double right = 0;    // the plot's last step
    std::vector<Column> extremes;
    Series means;
  };
  struct Plot;
  void show();
  const core::Metric& about() const;
  bool lay_out(Plot& plot) const;
  const Thinned& thinned(const Plot& plot, size_t k) const;
  void draw_header(const Plot& plot) const;
  void draw_label(const Plot& plot, size_t k, double y, double room) const;
  void draw_axes(const Plot& plot) const;
  void draw_band(const Plot& plot, size_t k) const;
  void draw_line(const Plot& plot, size_t k) const;
  void draw_marker(const Plot& plot) const;

  std::vector<History> histories_;
  std::vector<std::string> labels_;   // of the runs
  std::vector<std::string> metrics_;  // of either
  size_t metric_ = 0;
  mutable std::vector<Thinned> thinned_;
};

}  // namespace render
