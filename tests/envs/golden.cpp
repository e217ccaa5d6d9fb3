// Parity with Gymnasium: every recorded file is read, known by its kind, and replayed; the tolerances are
// those that tests/golden's recordings were made for. What belongs to an environment that does not exist yet
// is named as skipped.
#include <fmt/format.h>

#include <functional>
#include <regex>

#include "core/error.h"
#include "tests/catch.h"
#include "tests/envs/batch.h"
#include "tests/envs/golden_checks.h"
#include "tests/scratch.h"

namespace tests::golden {

using tests::GoldenFile;

namespace {

// What a file may be: its name, its columns ("o#" stands for o0, o1, ...), its check; none: not yet.
struct Kind {
  std::string name;
  std::vector<std::string> columns;
  std::function<void(const GoldenFile&, const envs::Entry&)> check;
};

std::vector<Kind> kinds() {
  return {
      {"seeded_(acrobot|blackjack|cartpole|cliffwalking|frozenlake|mountaincar|pendulum|taxi).*",
       {"seed", "episode", "t", "action", "a#", "o#", "reward", "terminated", "truncated"},
       tests::check_seeded},
      {"lunarlander_.*_steps",
       {"set", "episode", "t", "a#", "dispersion#", "o#", "x", "y", "vx", "vy", "angle", "omega",
        "leg#_angle", "reward", "terminated"},
       tests::check_lander_steps},
      {"lunarlander_.*_initial",
       {"set", "episode", "height#", "force_x", "force_y", "helipad_y"},
       tests::check_lander_initial},
      {"lunarlander_.*_episodes",
       {"env", "policy", "episode", "seed", "return", "length", "ended", "last_reward", "last_o#"},
       tests::check_returns},
      {"bipedalwalker_.*_steps",
       {"episode", "t", "a#", "o#", "hull_x", "hull_y", "reward", "terminated"},
       tests::check_walker_steps},
      {"bipedalwalker_.*_initial", {"episode", "force_x", "ty#"}, tests::check_walker_initial},
      {"bipedalwalker_.*_episodes",
       {"env", "policy", "episode", "seed", "return", "length", "ended", "last_reward", "final_hull_x"},
       tests::check_returns},
      {"carracing_.*_tracks",
       {"seed", "attempts", "tiles", "kerbs", "point", "alpha", "beta", "x", "y"},
       tests::check_racing_tracks},
      {"carracing_.*_steps",
       {"episode", "seed", "t", "a#", "x", "y", "vx", "vy", "angle", "omega", "steering", "w#", "visited",
        "reward", "terminated"},
       tests::check_racing_steps},
      {"carracing_.*_frames", {"episode", "seed", "t", "pixels"}, tests::check_racing_frames},
      {"carracing_.*_episodes",
       {"env", "policy", "episode", "seed", "return", "length", "ended", "visited"},
       tests::check_racing_episodes},
      {"blackjack_.*_policies",
       {"natural", "sab", "policy", "hands", "mean_return", "std_error", "win", "draw", "loss",
        "mean_length"},
       tests::check_policies},
      {"minigrid_initial",
       {"env", "episode", "seed", "width", "height", "agent_x", "agent_y", "agent_dir", "mission", "grid"},
       tests::check_minigrid_worlds},
      {"minigrid_steps",
       {"env", "episode", "t", "action", "agent_x", "agent_y", "agent_dir", "carrying", "reward",
        "terminated", "truncated", "obs"},
       tests::check_minigrid_steps},
      {"minigrid_play",
       {"env", "seed", "mission", "level", "actions", "checks", "end"},
       tests::check_minigrid_play},
      {"(frozenlake|cliffwalking|taxi).*",
       {"state", "action", "prob", "next_state", "reward", "done", "initial_prob"},
       tests::check_transitions},
      {"(cartpole|mountaincar|acrobot|pendulum).*",
       {"episode", "t", "action", "s#", "n#", "o#", "reward", "terminated"},
       tests::check_steps},
  };
}

const Kind* kind_of(const std::string& name) {
  static const auto all = kinds();
  for (const Kind& kind : all)
    if (std::regex_match(name, std::regex(kind.name))) return &kind;
  return nullptr;
}

// "leg0_angle" -> "leg#_angle": every known column has one such form.
void check_columns(const GoldenFile& file, const Kind& kind) {
  for (const std::string& column : file.columns) {
    const std::string form = std::regex_replace(column, std::regex("[0-9]+"), "#");
    const bool known = std::find(kind.columns.begin(), kind.columns.end(), form) != kind.columns.end();
    if (!known) FAIL_CHECK(file.name << ".csv: unknown column '" << column << "'");
  }
  for (const std::string& form : kind.columns)
    if (form.find('#') == std::string::npos && !(form == "action" && file.has("a0")))
      CHECK_NOTHROW(file.column(form));
}

// The environment of a file: by its JSON, by its first row; else the one whose id the name begins with; else,
// where the name gives no version, the longest and newest id.
const envs::Entry* entry_of(const GoldenFile& file) {
  if (!file.id.empty()) return envs::all().find(file.id);
  if (file.has("env") && !file.rows.empty()) return envs::all().find(file.text(0, "env"));
  const std::string name = tests::letters(std::regex_replace(file.name, std::regex("^seeded_"), ""));
  const envs::Entry* found = nullptr;
  size_t longest = 0;
  for (const envs::Entry& entry : envs::all()) {
    const std::string id = tests::letters(entry.name), bare = id.substr(0, id.rfind('v'));
    if (name.starts_with(id)) return &entry;
    if (name.starts_with(bare) && bare.size() >= longest) {
      found = &entry;
      longest = bare.size();
    }
  }
  return found;
}

void check_csv(const std::filesystem::path& path) {
  const GoldenFile file = tests::load_golden(path);
  const Kind* kind = kind_of(file.name);
  if (!kind) {
    FAIL_CHECK("unknown file " << path.filename().string());
    return;
  }
  check_columns(file, *kind);
  if (!kind->check) {
    fmt::print("skipped {}: no such environment yet\n", path.filename().string());
    return;
  }
  const envs::Entry* entry = entry_of(file);
  core::check(entry, "{}: expected the environment's id in its name or its JSON, found none", file.name);
  kind->check(file, *entry);
}

bool is_csv(const std::string& name) { return std::regex_match(name, std::regex(".*\\.csv(\\.gz)?")); }

// Whether a folder holds playthroughs alone: of environments whose id begins with its name and a slash.
bool known_folder(const std::filesystem::path& folder) {
  const std::string begin = folder.filename().string() + "/";
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    if (entry.path().extension() != ".txt" || !envs::all().find(begin + entry.path().stem().string()))
      return false;
  return true;
}

// The company that recordings keep: their JSON, this folder's playthroughs, a README.
bool known_company(const std::filesystem::path& path) {
  if (std::filesystem::is_directory(path)) return known_folder(path);
  const std::string name = path.filename().string(), stem = path.stem().string(),
                    ending = path.extension().string();
  const auto beside = [&](const char* other) {
    return std::filesystem::exists(path.parent_path() / (stem + other));
  };
  return name == "README.md" || (ending == ".json" && (beside(".csv") || beside(".csv.gz"))) ||
         (ending == ".txt" && envs::all().find(stem));
}

}  // namespace

TEST_CASE("every golden file is replayed", "[envs][golden]") {
  int files = 0;
  for (const auto& path : tests::golden_paths()) {
    const std::string name = path.filename().string();
    if (is_csv(name)) {
      INFO(name);
      CHECK_NOTHROW(check_csv(path));
      ++files;
    } else if (!known_company(path)) {
      FAIL_CHECK("unknown file " << name);
    }
  }
  CHECK(files > 0);
}

TEST_CASE("a golden file without rows is an error", "[envs][golden]") {
  const Scratch scratch;
  const auto path = scratch / "cartpole_v1.csv";
  write_bytes(path, "episode,t,action,s0,n0,o0,reward,terminated\n");
  CHECK(tests::message([&] { tests::load_golden(path); }) == "cartpole_v1.csv: holds no row");
}

}  // namespace tests::golden
