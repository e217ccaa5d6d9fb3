// Nothing but what is asked for is written: no run folder is made or read, but for train.init_from's.
#include "commands/tune.h"

#include <cmath>
#include <iostream>
#include <limits>

#include "analysis/charts.h"
#include "commands/catalog.h"
#include "commands/run.h"
#include "core/error.h"
#include "core/path.h"
#include "core/whole_file.h"
#include "render/text_table.h"
#include "training/loop/rate_test.h"

namespace commands {
namespace {

using training::RateCurve;
using training::RatePoint;

std::string words_of(const RateCurve& curve, size_t i) {
  if (i == curve.least) return "least";
  if (i == curve.steepest) return "falls fastest";
  return curve.diverged && i + 1 == curve.points.size() ? "diverged" : "";
}

// Some twenty points, and those of which something is to be said.
void print_points(const RateCurve& curve) {
  const size_t every = std::max<size_t>(1, curve.points.size() / 20);
  std::vector<std::vector<std::string>> rows{{"rate", "loss", "smoothed", ""}};
  for (size_t i = 0; i < curve.points.size(); ++i) {
    const RatePoint& p = curve.points[i];
    const std::string words = words_of(curve, i);
    if (i % every == 0 || !words.empty())
      rows.push_back({fmt::format("{:.2e}", p.rate), fmt::format("{:.4g}", p.loss),
                      fmt::format("{:.4g}", p.smoothed), words});
  }
  render::print_table(std::cout, rows);
}

void print_suggestion(const RateCurve& curve, const RatePoint& first) {
  const RatePoint& least = curve.points[curve.least];
  if (!curve.steepest) {
    std::cout << fmt::format("no suggestion: the loss falls at no rate; begin below {:.2g} (--from)\n",
                             first.rate);
    return;
  }
  if (curve.least + 1 == curve.points.size())
    std::cout << "the loss still falls at the largest rate: go on beyond it (--to)\n";
  std::cout << fmt::format(
      "suggestion: optim.lr={:.2g}, a tenth of the rate with the least smoothed loss ({:.2g}): at that rate "
      "updates\nhave begun to undo each other. The loss falls fastest at {:.2g}.\n",
      training::suggested_rate(curve), least.rate, curve.points[*curve.steepest].rate);
}

analysis::Chart chart_of(const RateCurve& curve, const std::string& name) {
  constexpr double none = std::numeric_limits<double>::quiet_NaN();
  analysis::Chart chart{
      .file = "lr", .title = name + ", learning-rate range test", .x = "learning rate", .y = "loss"};
  chart.log_x = true;
  analysis::Line smoothed{.curve = {}, .group = 0, .label = "smoothed"},
      plain{.curve = {}, .group = 1, .label = "of each update"};
  double most = curve.points[0].smoothed;  // a single loss far beyond would press the curve flat
  for (const RatePoint& p : curve.points) most = std::max(most, p.smoothed);
  for (const RatePoint& p : curve.points) {
    smoothed.curve.x.push_back(p.rate);
    smoothed.curve.y.push_back({1, p.smoothed, none, none});
    plain.curve.x.push_back(p.rate);
    plain.curve.y.push_back({1, p.loss <= most ? p.loss : none, none, none});
  }
  chart.lines = {std::move(smoothed), std::move(plain)};
  return chart;
}

void write_csv(const RateCurve& curve, const std::filesystem::path& path) {
  core::WholeFile file(path);
  file.out() << "lr,loss,smoothed\n";
  for (const RatePoint& p : curve.points) file.out() << fmt::format("{},{},{}\n", p.rate, p.loss, p.smoothed);
  file.keep();
}

void write_files(const RateCurve& curve, const TuneCommand& command, const std::string& name) {
  if (!command.out.empty()) write_csv(curve, command.out);
  if (command.charts.empty()) return;
  const auto written = analysis::write_charts({chart_of(curve, name)}, command.charts);
  std::cerr << (written ? fmt::format("wrote {} charts into {}\n", *written, command.charts)
                        : "note: no chart was written: gnuplot is not installed (Debian: gnuplot-nox)\n");
}

}  // namespace

int tune(const TuneCommand& command) {
  if (!command.out.empty()) core::check_ending(command.out, "--out", ".csv");
  RunCommand asked;
  asked.file = command.file;
  asked.overrides = command.overrides;
  training::Session session = build_session(load_experiment(asked));
  start_from(session);
  const RateCurve curve =
      training::test_rates(session, {.start = command.from, .end = command.to, .updates = command.updates});
  print_points(curve);
  print_suggestion(curve, curve.points[0]);
  write_files(curve, command, session.experiment.name);
  return 0;
}

}  // namespace commands
