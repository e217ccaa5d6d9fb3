// Methods against each other: what a task is, who beats whom, how seeds are spread.
#include "analysis/comparison.h"

#include <algorithm>

#include "analysis/report_data.h"
#include "tests/catch.h"
#include "tests/render/runs.h"
#include "tests/scratch.h"

namespace tests::comparison {

namespace {

// Seeds of one method on one task; seed k reaches level + k.
void write_seeds(const Scratch& scratch, const std::string& name, trial_runs::Plan plan, int seeds = 3) {
  const double level = plan.level;
  for (plan.seed = 0; plan.seed < seeds; ++plan.seed) {
    plan.level = level + static_cast<double>(plan.seed);
    trial_runs::write(scratch / (name + "/seed-" + std::to_string(plan.seed)), plan);
  }
}

}  // namespace

TEST_CASE("within a task groups are set against each other, the better one first", "[analysis]") {
  const Scratch scratch;
  write_seeds(scratch, "a", {.lr = 0.1, .level = 100});
  write_seeds(scratch, "b", {.lr = 0.5, .level = 101});
  const analysis::ReportData findings = analysis::collect_report_data({scratch / "a", scratch / "b"});
  REQUIRE(findings.comparison.pairwise.size() == 1);
  const analysis::PairwiseComparison& duel = findings.comparison.pairwise[0];
  CHECK(duel.method == "trial (optim.lr 0.5)");
  CHECK(duel.other == "trial (optim.lr 0.1)");
  CHECK(duel.tasks == 1);
  CHECK(findings.comparison.aggregates.empty());
  CHECK(duel.chance.value == Approx(7 / 9.0));  // 101, 102, 103 against 100, 101, 102: 6 wins, 2 ties
  CHECK(duel.chance.low < duel.chance.value);
  CHECK(analysis::pairwise_table(findings).size() == 2);
}

TEST_CASE("over several tasks learners are set against each other, task by task", "[analysis]") {
  const Scratch scratch;
  write_seeds(scratch, "a", {.level = 100, .learner = "ppo", .env = "CartPole-v1"});
  write_seeds(scratch, "b", {.level = 101, .learner = "dqn", .env = "CartPole-v1"});
  write_seeds(scratch, "c", {.level = 9, .learner = "ppo", .env = "Acrobot-v1"});
  write_seeds(scratch, "d", {.level = 1, .learner = "dqn", .env = "Acrobot-v1"});
  const analysis::ReportData findings =
      analysis::collect_report_data({scratch / "a", scratch / "b", scratch / "c", scratch / "d"});
  REQUIRE(findings.comparison.pairwise.size() == 1);
  const analysis::PairwiseComparison& duel = findings.comparison.pairwise[0];
  CHECK(duel.method == "ppo");
  CHECK(duel.tasks == 2);
  CHECK(duel.chance.value == Approx((2 / 9.0 + 1) / 2));
  // Scaled: CartPole from 100 to 103, Acrobot from 1 to 11; of six runs the middle four count.
  const analysis::Scores ppo{{0.8, 0.9, 1}, {0, 1 / 3.0, 2 / 3.0}}, dqn{{0, 0.1, 0.2}, {1 / 3.0, 2 / 3.0, 1}};
  REQUIRE(findings.comparison.aggregates.size() == 2);
  for (const auto& [k, method, scores, iqm] :
       {std::tuple{0, "ppo", ppo, (0.8 + 0.9 + 1) / 4}, std::tuple{1, "dqn", dqn, (0.3 + 1) / 4}}) {
    const analysis::AggregateScore& standing = findings.comparison.aggregates[static_cast<size_t>(k)];
    INFO(standing.method);
    CHECK(standing.method == method);
    CHECK(standing.tasks == 2);
    CHECK(standing.iqm.value == Approx(iqm));
    const render::Interval twin = analysis::iqm_interval(scores, analysis::Resamples(scores));
    CHECK(standing.iqm.low == Approx(twin.low));
    CHECK(standing.iqm.high == Approx(twin.high));
    CHECK(standing.iqm.low < standing.iqm.value);
  }
  CHECK(analysis::aggregate_table(findings).size() == 3);
  CHECK(findings.comparison.profiles.size() == 2);
}

TEST_CASE("a profile falls from all seeds to none, in steps of one seed", "[analysis]") {
  const Scratch scratch;
  write_seeds(scratch, "a", {.level = 100}, 4);
  const analysis::ReportData findings = analysis::collect_report_data({scratch / "a"});
  CHECK(findings.comparison.pairwise.empty());
  CHECK(analysis::pairwise_table(findings).empty());
  REQUIRE(findings.comparison.profiles.size() == 1);
  const analysis::Profiles& profiles = findings.comparison.profiles[0];
  CHECK(profiles.task == "CartPole-v1");
  CHECK(profiles.score == "eval/return_greedy");
  REQUIRE(profiles.lines.size() == 1);
  const render::Curve& share = profiles.lines[0].share;
  CHECK(share.y.front().value == 1);
  CHECK(share.y.back().value == 0);
  for (size_t k = 0; k < share.x.size(); ++k)
    CHECK(share.y[k].value == analysis::share_above({{100, 101, 102, 103}}, share.x[k]));
}

TEST_CASE("seeds that all end equal are a profile too: one step", "[analysis]") {
  for (const double level : {500.0, 0.0, -200.0}) {
    INFO(level);
    const Scratch scratch;
    for (int64_t seed = 0; seed < 3; ++seed)
      trial_runs::write(scratch / ("a/seed-" + std::to_string(seed)), {.seed = seed, .level = level});
    const analysis::Comparison comparison = analysis::collect_report_data({scratch / "a"}).comparison;
    REQUIRE(comparison.profiles.size() == 1);
    const render::Curve& share = comparison.profiles[0].lines[0].share;
    CHECK(share.x.front() < level);
    CHECK(share.x.back() > level);
    for (size_t k = 0; k < share.x.size(); ++k) CHECK(share.y[k].value == (share.x[k] < level ? 1 : 0));
    CHECK(comparison.unshown.empty());
  }
}

TEST_CASE("tasks that differ are not compared, nor one seed with itself", "[analysis]") {
  const Scratch scratch;
  write_seeds(scratch, "a", {.env = "CartPole-v1"}, 1);
  write_seeds(scratch, "b", {.env = "Acrobot-v1"}, 1);
  const analysis::ReportData findings = analysis::collect_report_data({scratch / "a", scratch / "b"});
  CHECK(findings.comparison.pairwise.empty());
  CHECK(findings.comparison.aggregates.empty());
  CHECK(findings.comparison.profiles.empty());
  REQUIRE(findings.comparison.unshown.size() == 1);
  CHECK(findings.comparison.unshown[0] ==
        "no performance profile of Acrobot-v1, CartPole-v1: it takes several seeds of one config");
}

}  // namespace tests::comparison
