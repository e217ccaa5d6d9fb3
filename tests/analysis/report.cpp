// The report: groups, states, figures, and a page that stands alone.
#include "analysis/report.h"

#include <limits>
#include <regex>
#include <sstream>

#include "analysis/charts.h"
#include "analysis/html.h"
#include "analysis/report_data.h"
#include "analysis/runs.h"
#include "core/hdf5.h"
#include "render/palette.h"
#include "render/png.h"
#include "render/text_table.h"
#include "tests/catch.h"
#include "tests/refusal.h"
#include "tests/render/pixels.h"
#include "tests/render/runs.h"
#include "tests/scratch.h"

namespace tests::report {

using Catch::Matchers::ContainsSubstring;
using trial_runs::Plan;

namespace {

std::string reported(const std::vector<std::filesystem::path>& runs,
                     const std::optional<std::filesystem::path>& html = {}) {
  std::ostringstream out;
  analysis::report(runs, {.html = html}, out);
  return out.str();
}

void write_two_groups(const Scratch& scratch) {
  trial_runs::write(scratch / "a/seed-0", {.seed = 0, .level = 100});
  trial_runs::write(scratch / "a/seed-1", {.seed = 1, .level = 110});
  trial_runs::write(scratch / "a/seed-2", {.seed = 2, .steps = 30, .level = 120});
  trial_runs::write(scratch / "b/seed-0", {.seed = 0, .lr = 0.5, .level = 50});
}

size_t occurrences(const std::string& text, const std::string& part) {
  size_t count = 0;
  for (size_t at = 0; (at = text.find(part, at)) != std::string::npos; at += part.size()) ++count;
  return count;
}

// Environment variables for one test.
struct Setting {
  Setting(const char* name, const std::string& value) : name_(name), before_(std::getenv(name)) {
    setenv(name, value.c_str(), 1);
  }
  Setting(const Setting&) = delete;
  Setting& operator=(const Setting&) = delete;
  ~Setting() { setenv(name_, before_.c_str(), 1); }
  const char* name_;
  std::string before_;
};

}  // namespace

TEST_CASE("runs that differ in the seed alone are one group, with mean and t interval over seeds",
          "[analysis]") {
  const Scratch scratch;
  write_two_groups(scratch);
  const std::string table = reported({scratch / "a", scratch / "b"});
  CHECK_THAT(table, ContainsSubstring("trial (optim.lr 0.1)"));
  CHECK_THAT(table, ContainsSubstring("trial (optim.lr 0.5)"));
  // Seeds 100, 110, 120: mean 110, s = 10, t(2) = 4.3027: 110 -+ 24.84
  CHECK_THAT(table, ContainsSubstring("110 [85.16, 134.8]"));
  CHECK_THAT(table, ContainsSubstring("1 (needs more seeds)"));  // against the one seed of b
  CHECK_THAT(table, !ContainsSubstring("nan"));
  CHECK_THAT(table, ContainsSubstring("30\u201350"));
  CHECK_THAT(table, ContainsSubstring("3 finished") || ContainsSubstring("finished"));
}

TEST_CASE("intervals of accuracies, lengths and rates stay where their values can be", "[analysis]") {
  const Scratch scratch;
  const std::vector<std::vector<double>> values{{0.99, 40, 900}, {0.60, 3, 0}, {0.98, 2, 10}};
  for (size_t seed = 0; seed < values.size(); ++seed) {
    const std::vector<core::Metric> metrics{{"valid/accuracy", "", "Share that is right", false},
                                            {"eval/length_greedy", "steps", "Length", false},
                                            {"time/steps_per_s", "1/s", "Rate", false}};
    const std::filesystem::path folder = scratch / fmt::format("run/seed-{}", seed);
    std::filesystem::create_directories(folder);
    auto log =
        core::RunLog::create(folder, {{"name", "net"}, {"seed", std::to_string(seed)}, {"kind", "model"}},
                             fmt::format("name: net\nseed: {}\n", seed), metrics);
    for (size_t m = 0; m < metrics.size(); ++m) log.log(metrics[m].name, {1, 0, 10, 0.1, values[seed][m]});
    log.set("status", "finished");
    log.flush();
  }
  const analysis::ReportData data = analysis::collect_report_data({scratch / "run"});
  REQUIRE(data.metrics.size() == 3);
  for (const auto& metric : data.metrics) {
    const analysis::Summary& summary = metric.groups.at(0).value();
    const bool share = summary.metric.name == "valid/accuracy";
    INFO(summary.metric.name);
    CHECK(summary.final.n == 3);
    CHECK((0 <= summary.final.low && summary.final.low < summary.final.value));
    CHECK(summary.final.high > summary.final.value);
    CHECK((!share || summary.final.high == 1));
    for (const auto& [axis, curves] : summary.curves)
      for (const render::Interval& at : curves.mean.y) CHECK((at.low >= 0 && (!share || at.high <= 1)));
  }
}

TEST_CASE("a report says which runs finished, run, failed, crashed or went stale", "[analysis]") {
  const Scratch scratch;
  const auto state = [&](const std::string& status, auto change) {
    trial_runs::write(scratch / "run", {.status = status});
    core::h5::File file = core::h5::File::open(scratch / "run/run.h5", true);
    file.unseal();
    change(file);
    file.flush();
    return analysis::load_run(scratch / "run").state;
  };
  const auto nothing = [](core::h5::File&) {};
  CHECK(state("finished", nothing) == "finished");
  CHECK(state("failed", nothing) == "failed");
  CHECK(state("running", nothing) == "running");  // this process is alive and wrote it just now
  CHECK(state("running", [](core::h5::File& f) { f.set("/", "pid", std::string("999999999")); }) ==
        "crashed");
  CHECK_THAT(state("running",
                   [](core::h5::File& f) {
                     f.set("/", "host", std::string("elsewhere"));
                     f.set("/", "heartbeat", std::string("2020-01-01T00:00:00Z"));
                   }),
             ContainsSubstring("stale"));
}

TEST_CASE("the page stands alone: no address outside of it, charts and pictures inside", "[analysis]") {
  const Scratch scratch;
  write_two_groups(scratch);
  trial_runs::write_episodes(scratch / "a/seed-0/episodes.h5", 2);
  reported({scratch / "a", scratch / "b"}, scratch / "r.html");
  const std::string page = bytes_of(scratch / "r.html");
  CHECK_FALSE(std::regex_search(page, std::regex("(src|href|url)\\s*[=(]\\s*[\"']?\\s*(https?:|//|file:)")));
  CHECK_FALSE(std::regex_search(page, std::regex("<(script|link|iframe|object)|@import")));
  for (const char* part : {"<svg", "data:image/png;base64,iVBOR", "Where the configs differ", "optim.lr",
                           "./atelier run trial.yaml", "libtorch_version", "Where pictures lie",
                           "Performance profiles", "chance to be better", "Greedy &lt;return&gt;"})
    CHECK_THAT(page, ContainsSubstring(part));
  CHECK(std::distance(std::filesystem::directory_iterator(scratch.folder), {}) ==
        3);  // a, b and the page: no draft is left
}

TEST_CASE("the curve of a metric that diverged is empty, and the page is whole", "[analysis]") {
  const Scratch scratch;
  for (const double level : {std::numeric_limits<double>::infinity(), -1e303}) {
    trial_runs::write(scratch / "a/seed-0", {.level = level});
    reported({scratch / "a"}, scratch / "r.html");
    CHECK_THAT(bytes_of(scratch / "r.html"), ContainsSubstring("<svg"));
    std::filesystem::remove_all(scratch / "a");
  }
}

TEST_CASE("without gnuplot and ffmpeg the page is written and the packages are named", "[analysis]") {
  const Scratch scratch;
  trial_runs::write(scratch / "a/seed-0", {});
  trial_runs::write_episodes(scratch / "a/seed-0/episodes.h5", 1);
  std::filesystem::create_symlink("/bin/sh", scratch / "sh");
  std::ostringstream out;
  {
    const Setting path("PATH", scratch.folder.string());
    analysis::report({scratch / "a"}, {.html = scratch / "r.html", .charts = scratch / "charts"}, out);
  }
  const std::string page = bytes_of(scratch / "r.html");
  for (const char* words : {"gnuplot-nox", "(Debian: ffmpeg)"}) {
    CHECK_THAT(out.str(), ContainsSubstring(words));
    CHECK_THAT(page, ContainsSubstring(words));
  }
  CHECK_THAT(out.str(), ContainsSubstring("eval/return_greedy"));
  CHECK_THAT(page, ContainsSubstring("The last recorded episode"));  // five moments stand in for the film
  CHECK_FALSE(std::filesystem::exists(scratch / "charts"));
}

TEST_CASE("curves are chosen by axis and statistic, without a script", "[analysis]") {
  const Scratch scratch;
  write_two_groups(scratch);
  reported({scratch / "a", scratch / "b"}, scratch / "r.html");
  const std::string page = bytes_of(scratch / "r.html");
  for (const char* axis : {"env_steps", "steps", "wall"})
    for (const char* statistic : {"mean", "iqm"}) {
      INFO(axis << " " << statistic);
      const std::string rule =
          fmt::format("#axis-{0}:checked ~ #statistic-{1}:checked ~ .charts .{0}.{1}", axis, statistic);
      CHECK(occurrences(page, rule) == 1);
      CHECK(occurrences(page, fmt::format("<div class=\"view {} {}\"><svg", axis, statistic)) ==
            2);  // of 2 metrics
      CHECK(occurrences(page, fmt::format("id=\"axis-{}\"", axis)) == 1);
    }
  CHECK(occurrences(page, " checked>") == 2);            // one of each row
  CHECK(occurrences(page, "id=\"axis-samples\"") == 0);  // nobody counted any
  CHECK(occurrences(page, "</svg>") == 13);              // 2 metrics x 3 axes x 2 statistics, one profile
  reported({scratch / "b"}, scratch / "one.html");       // of one seed there is but one statistic
  CHECK(occurrences(bytes_of(scratch / "one.html"), "</svg>") == 6);
}

TEST_CASE("episodes move: three milestones as GIFs of a few seconds", "[analysis]") {
  const Scratch scratch;
  trial_runs::write(scratch / "a/seed-0", {});
  trial_runs::write_episodes(scratch / "a/seed-0/episodes.h5", 3, 10);
  reported({scratch / "a"}, scratch / "r.html");
  const std::string page = bytes_of(scratch / "r.html");
  CHECK(occurrences(page, "data:image/gif;base64,R0lGODlh") == 3);  // GIF89a
  for (const char* step : {"step 50:", "step 60:", "step 70:"}) CHECK_THAT(page, ContainsSubstring(step));
  CHECK(page.size() < 1500000);
}

TEST_CASE("charts are written as SVG, PNG and PDF with title and legend", "[analysis]") {
  const Scratch scratch;
  write_two_groups(scratch);
  std::ostringstream out;
  analysis::report({scratch / "a", scratch / "b"}, {.charts = scratch / "charts"}, out);
  CHECK_THAT(out.str(), ContainsSubstring("wrote 39 charts"));  // 13 of the page, three times
  const std::string base = (scratch / "charts/env_steps/iqm/eval-return_greedy").string();
  const std::string svg = bytes_of(base + ".svg");
  for (const char* words : {"<svg", "eval/return_greedy, IQM", "trial (optim.lr 0.1)", "environment steps"})
    CHECK_THAT(svg, ContainsSubstring(words));
  CHECK(bytes_of(base + ".pdf").substr(0, 5) == "%PDF-");
  const core::Image png = render::read_png(base + ".png");
  CHECK(png.width == 1280);
  for (const core::Color color : {render::series_color(0), render::series_color(1)})
    CHECK(png.width * png.height - painted(png, color) > 500);
  CHECK(std::filesystem::exists(scratch / "charts/profiles/CartPole-v1.pdf"));
  CHECK_THAT(
      refusal([&] { analysis::report({scratch / "a"}, {.charts = scratch / "a/seed-0/run.h5"}, out); }),
      ContainsSubstring("cannot be written"));
}

TEST_CASE("the eighth line has the first one's colour and dashes", "[analysis]") {
  const render::Curve curve{{0, 1}, {{1, 0, 0, 0}, {1, 1, 1, 1}}};
  analysis::Chart first{.lines = {{curve, 0, "a"}}}, eighth{.lines = {{curve, 7, "b"}}};
  const auto drawn = analysis::svg_charts({first, eighth}).value();
  const std::string color = "rgb(  0, 114, 178)";
  for (const std::string& svg : drawn) CHECK_THAT(svg, ContainsSubstring(color));
  CHECK(occurrences(drawn[1], "stroke-dasharray") == occurrences(drawn[0], "stroke-dasharray") + 1);
}

TEST_CASE("runs that are not finished are said, with where they stand, and so is a seed twice",
          "[analysis]") {
  const Scratch scratch;
  trial_runs::write(scratch / "a/seed-0", {.seed = 0});
  trial_runs::write(scratch / "a/seed-1", {.seed = 1, .steps = 30, .status = "failed"});
  trial_runs::write(scratch / "a/seed-2", {.seed = 2, .steps = 0, .status = "interrupted"});
  trial_runs::write(scratch / "b/seed-0", {.seed = 0});
  {
    core::h5::File file = core::h5::File::open(scratch / "a/seed-1/run.h5", true);
    file.unseal();
    file.set("/", "failure", std::string("train/loss is NaN"));
    file.flush();
  }
  const std::string words = reported({scratch / "a", scratch / "b"}, scratch / "r.html");
  for (const std::string& said : {words, bytes_of(scratch / "r.html")}) {
    CHECK_THAT(said, ContainsSubstring("seed 1: failed, at step 30 (train/loss is NaN)"));
    CHECK_THAT(said, ContainsSubstring("seed 2: interrupted, without a row"));
    CHECK_THAT(said, ContainsSubstring("more than one run of seed 0"));
  }
  CHECK_THAT(words,
             ContainsSubstring("2 finished, 1 interrupted") || ContainsSubstring("1 failed, 2 finished"));
  CHECK_THAT(reported({scratch / "b"}), !ContainsSubstring("note:"));
}

TEST_CASE("one torn run is named and passed over; when all are torn the report is refused", "[analysis]") {
  const Scratch scratch;
  trial_runs::write(scratch / "a/seed-0", {});
  trial_runs::write(scratch / "a/seed-1", {.seed = 1});
  const std::string whole = bytes_of(scratch / "a/seed-1/run.h5");
  write_bytes(scratch / "a/seed-1/run.h5", whole.substr(0, whole.size() / 3));
  CHECK_THAT(reported({scratch / "a"}), ContainsSubstring("note: ") && ContainsSubstring("seed-1/run.h5"));
  CHECK_THAT(refusal([&] { reported({scratch / "a/seed-1"}); }), ContainsSubstring("no run can be read"));
  CHECK_THAT(refusal([&] { reported({scratch / "none"}); }), ContainsSubstring("no such folder"));
  CHECK_THAT(refusal([&] { reported({scratch / "a/seed-0"}, scratch / "no/folder/r.html"); }),
             ContainsSubstring("cannot be written"));
}

TEST_CASE("a run without a single row is reported too", "[analysis]") {
  const Scratch scratch;
  trial_runs::write(scratch / "a/seed-0", {.steps = 0});
  CHECK_THAT(reported({scratch / "a"}, scratch / "r.html"), ContainsSubstring("trial"));
}

TEST_CASE("commands to repeat go through the launcher and name a key once", "[analysis]") {
  const Scratch scratch;
  trial_runs::write(scratch / "a", {.command = "atelier run x.yaml seed=0 optim.lr=1 seed=3 --out o"});
  reported({scratch / "a"}, scratch / "r.html");
  CHECK_THAT(bytes_of(scratch / "r.html"),
             ContainsSubstring("<pre>./atelier run x.yaml optim.lr=1 seed=3 --out o\n"));
}

TEST_CASE("a metric that is 0 in every row has no chart and is no key figure; the page's table holds it",
          "[analysis]") {
  const Scratch scratch;
  trial_runs::write(scratch / "a", {.level = 0, .idle = true});
  CHECK_THAT(reported({scratch / "a"}, scratch / "r.html"), !ContainsSubstring("samples_per_s"));
  const std::string page = bytes_of(scratch / "r.html");
  CHECK(occurrences(page, ">time/samples_per_s</td>") == 1);
  CHECK(occurrences(page, "<b>time/samples_per_s</b>") == 0);
  CHECK(occurrences(page, "<b>eval/return_greedy</b>") == 1);  // 0 as well, but that is bad
}

TEST_CASE("a report says in a line why it has no profile", "[analysis]") {
  const Scratch scratch;
  trial_runs::write(scratch / "a", {});
  const std::string why = "no performance profile of CartPole-v1: it takes several seeds of one config";
  CHECK_THAT(reported({scratch / "a"}, scratch / "r.html"), ContainsSubstring("note: " + why));
  CHECK_THAT(bytes_of(scratch / "r.html"), ContainsSubstring(why));
}

TEST_CASE("base64 and escapes are those of their standards", "[analysis]") {
  CHECK(analysis::html::base64("") == "");
  CHECK(analysis::html::base64("f") == "Zg==");
  CHECK(analysis::html::base64("fo") == "Zm8=");
  CHECK(analysis::html::base64("foobar") == "Zm9vYmFy");
  CHECK(analysis::html::escape("<a href=\"x\">&") == "&lt;a href=&quot;x&quot;&gt;&amp;");
}

TEST_CASE("numbers, counts and times are short", "[analysis]") {
  CHECK(render::short_number(497.31234) == "497.3");
  CHECK(render::short_number(500) == "500");
  CHECK(render::short_count(250000) == "250k");
  CHECK(render::short_count(1200000) == "1.2M");
  CHECK(render::short_time(3.25) == "3.2 s");
  CHECK(render::short_time(185) == "3:05");
  CHECK(render::short_time(8049) == "2:14:09");
}

}  // namespace tests::report
