// The report: groups, states, figures, and a page that stands alone.
#include "render/report.h"

#include <regex>
#include <sstream>

#include "core/hdf5.h"
#include "render/html.h"
#include "render/runs.h"
#include "render/text_table.h"
#include "tests/catch.h"
#include "tests/refusal.h"
#include "tests/render/runs.h"
#include "tests/scratch.h"

using Catch::Matchers::ContainsSubstring;
using trial_runs::Plan;

namespace {

std::string reported(const std::vector<std::filesystem::path>& runs,
                     const std::optional<std::filesystem::path>& html = {}) {
  std::ostringstream out;
  render::report(runs, html, out);
  return out.str();
}

void write_two_groups(const Scratch& scratch) {
  trial_runs::write(scratch / "a/seed-0", {.seed = 0, .level = 100});
  trial_runs::write(scratch / "a/seed-1", {.seed = 1, .level = 110});
  trial_runs::write(scratch / "a/seed-2", {.seed = 2, .steps = 30, .level = 120});
  trial_runs::write(scratch / "b/seed-0", {.seed = 0, .lr = 0.5, .level = 50});
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
          "[render]") {
  const Scratch scratch;
  write_two_groups(scratch);
  const std::string table = reported({scratch / "a", scratch / "b"});
  CHECK_THAT(table, ContainsSubstring("trial (optim.lr 0.1)"));
  CHECK_THAT(table, ContainsSubstring("trial (optim.lr 0.5)"));
  // Seeds 100, 110, 120: mean 110, s = 10, t(2) = 4.3027: 110 -+ 24.84
  CHECK_THAT(table, ContainsSubstring("110 [85.16, 134.8]"));
  CHECK_THAT(table, ContainsSubstring("30\u201350"));
  CHECK_THAT(table, ContainsSubstring("3 finished") || ContainsSubstring("finished"));
}

TEST_CASE("a report says which runs finished, run, failed, crashed or went stale", "[render]") {
  const Scratch scratch;
  const auto state = [&](const std::string& status, auto change) {
    trial_runs::write(scratch / "run", {.status = status});
    core::h5::File file = core::h5::File::open(scratch / "run/run.h5", true);
    change(file);
    file.flush();
    return render::load_run(scratch / "run").state;
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

TEST_CASE("the page stands alone: no address outside of it, charts and pictures inside", "[render]") {
  const Scratch scratch;
  write_two_groups(scratch);
  trial_runs::write_episodes(scratch / "a/seed-0/episodes.h5", 2);
  reported({scratch / "a", scratch / "b"}, scratch / "r.html");
  const std::string page = bytes_of(scratch / "r.html");
  CHECK_FALSE(std::regex_search(page, std::regex("(src|href|url)\\s*[=(]\\s*[\"']?\\s*(https?:|//|file:)")));
  CHECK_FALSE(std::regex_search(page, std::regex("<(script|link|iframe|object)|@import")));
  for (const char* part : {"<svg", "data:image/png;base64,iVBOR", "Where the configs differ", "optim.lr",
                           "./atelier run trial.yaml", "libtorch_version", "Where pictures lie",
                           "The last recorded episode", "Greedy &lt;return&gt;"})
    CHECK_THAT(page, ContainsSubstring(part));
  CHECK(std::distance(std::filesystem::directory_iterator(scratch.folder), {}) ==
        3);  // a, b and the page: no draft is left
}

TEST_CASE("without gnuplot the table and the page are written and the package is named", "[render]") {
  const Scratch scratch;
  trial_runs::write(scratch / "a/seed-0", {});
  std::filesystem::create_symlink("/bin/sh", scratch / "sh");
  std::string words;
  {
    const Setting path("PATH", scratch.folder.string());
    words = reported({scratch / "a"}, scratch / "r.html");
  }
  CHECK_THAT(words, ContainsSubstring("gnuplot-nox"));
  CHECK_THAT(words, ContainsSubstring("eval/return_greedy"));
  CHECK_THAT(bytes_of(scratch / "r.html"), ContainsSubstring("gnuplot-nox"));
}

TEST_CASE("one torn run is named and passed over; when all are torn the report is refused", "[render]") {
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

TEST_CASE("a run without a single row is reported too", "[render]") {
  const Scratch scratch;
  trial_runs::write(scratch / "a/seed-0", {.steps = 0});
  CHECK_THAT(reported({scratch / "a"}, scratch / "r.html"), ContainsSubstring("trial"));
}

TEST_CASE("base64 and escapes are those of their standards", "[render]") {
  CHECK(render::html::base64("") == "");
  CHECK(render::html::base64("f") == "Zg==");
  CHECK(render::html::base64("fo") == "Zm8=");
  CHECK(render::html::base64("foobar") == "Zm9vYmFy");
  CHECK(render::html::escape("<a href=\"x\">&") == "&lt;a href=&quot;x&quot;&gt;&amp;");
}

TEST_CASE("numbers, counts and times are short", "[render]") {
  CHECK(render::short_number(497.31234) == "497.3");
  CHECK(render::short_number(500) == "500");
  CHECK(render::short_count(250000) == "250k");
  CHECK(render::short_count(1200000) == "1.2M");
  CHECK(render::short_time(3.25) == "3.2 s");
  CHECK(render::short_time(185) == "3:05");
  CHECK(render::short_time(8049) == "2:14:09");
}
