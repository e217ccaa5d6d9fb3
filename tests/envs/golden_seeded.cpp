// Whole episodes from a seed.
#include "core/archive.h"
#include "tests/catch.h"
#include "tests/envs/batch.h"
#include "tests/envs/golden_checks.h"

namespace tests {

namespace {

// Plays the rows of one seed. An episode that was cut without a flag (an environment without time limit) is
// cut the same way by lending its last step to a batch whose limit is that length.
class Player {
 public:
  Player(const GoldenFile& file, const envs::Entry& entry)
      : file_(file), blueprint_(file.factory(entry)), batch_(blueprint_.make(1, "exact", std::nullopt)) {}

  void check(size_t row) {
    const double t = file_.number(row, "t");
    if (t == -1) return check_reset(row);
    const bool flagged = file_.number(row, "terminated") > 0 || file_.number(row, "truncated") > 0;
    cut_ = ends_here(row) && !flagged;
    if (cut_) lend(int64_t(t) + 1);
    act(row);
    const bool ended = flagged || cut_;
    if (!equal_obs(row, ended ? batch_.final_obs : batch_.obs)) fail(row, "the observation");
    if (batch_.reward[0] != float(file_.number(row, "reward"))) fail(row, "the reward");
    if (batch_.terminated[0] != uint8_t(file_.number(row, "terminated"))) fail(row, "terminated");
    if (batch_.truncated[0] != uint8_t(cut_ || file_.number(row, "truncated") > 0)) fail(row, "truncated");
    if (cut_) lend(std::nullopt);
  }

 private:
  void check_reset(size_t row) {
    if (file_.number(row, "episode") == 0) batch_.reset(std::stoull(file_.text(row, "seed")));
    if (!equal_obs(row, batch_.obs)) fail(row, "the first observation");
  }

  bool ends_here(size_t row) const {
    return row + 1 == file_.rows.size() || file_.number(row + 1, "t") == -1;
  }

  void act(size_t row) {
    const auto action = file_.action(row);
    for (size_t k = 0; k < action.size(); ++k) {
      batch_.discrete[k] = int64_t(action[k]);
      batch_.continuous[k] = float(action[k]);
    }
    batch_.step();
  }

  void lend(std::optional<int64_t> limit) {
    core::Archive saved;
    batch_.envs->state(saved);
    core::Archive state(saved.blobs());
    batch_.envs = blueprint_.make(1, "exact", limit);
    batch_.envs->state(state);
  }

  bool equal_obs(size_t row, const std::vector<std::byte>& obs) const {
    const envs::Space& space = batch_.envs->spec().observation;
    const auto recorded = file_.numbers(row, "o");
    bool equal = int64_t(recorded.size()) == space.size();
    for (size_t k = 0; equal && k < recorded.size(); ++k)
      equal = element(space, obs.data(), k) == recorded[k];
    return equal;
  }

  void fail(size_t row, const char* what) const {
    FAIL_CHECK(file_.where(row) << ": " << what << " differs");
  }

  const GoldenFile& file_;
  envs::Entry::Factory blueprint_;
  Batch batch_;
  bool cut_ = false;
};

}  // namespace

void check_seeded(const GoldenFile& file, const envs::Entry& entry) {
  Player player(file, entry);
  for (size_t row = 0; row < file.rows.size(); ++row) player.check(row);
}

}  // namespace tests
