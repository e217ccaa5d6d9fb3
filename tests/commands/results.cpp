// atelier results holds runs against the targets in their files.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/run_log.h"
#include "tests/catch.h"
#include "tests/commands/process.h"

using namespace tests;

static std::string tiny_run(const std::string& target) {
  return "agent: reinforce\n"
         "env: {id: CartPole-v1, max_episode_steps: 30}\n"
         "reinforce: {episodes_per_update: 2}\n"
         "train: {steps: 4}\n"
         "eval: {every: 1, episodes: 3}\n"
         "target: {" +
         target + "}\n";
}

static size_t count(const std::string& text, const std::string& part) {
  size_t n = 0;
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
  return n;
}

TEST_CASE("results counts the seeds that eval says reach the target", "[commands][results]") {
  const Scratch scratch;
  scratch.write("tiny_run.yaml", tiny_run("reach: [eval/return_greedy >= 9.4, "
                                          "eval/length_greedy <= 1], share: 0.1, source: a book"));
  const Output trained =
      shell("cd " + scratch.str() + " && atelier run tiny_run.yaml --seeds 3 --out runs/a");
  INFO(trained.text);
  REQUIRE(trained.code == 0);
  CHECK(trained.text.find("best eval/return_greedy ") != std::string::npos);
  CHECK(trained.text.find(", mean of 3 seeds\nnext: atelier report ") != std::string::npos);
  CHECK(trained.text.find("or, for its target: atelier results runs/a\n") != std::string::npos);
  const Output eval =
      shell("cd " + scratch.str() + " && atelier eval runs/a --policy best --episodes 20 --json");
  int good = 0;
  double sum = 0;
  std::vector<double> returns;
  for (const auto& row : nlohmann::json::parse(eval.text)) {
    const double value = row.at("metrics").at("eval/return_greedy");
    good += value >= 9.4;
    sum += value;
    returns.push_back(value);
  }
  const Output output =
      shell("cd " + scratch.str() + " && atelier results runs --episodes 20 --out table.md && cat table.md");
  INFO(eval.text << output.text);
  REQUIRE(output.code == 0);
  CHECK(count(output.text, "eval/return_greedy >= 9.4") == 2);  // on the terminal and in the file
  CHECK(output.text.find("| " + std::to_string(good) + " of 3 |") != std::string::npos);
  CHECK(output.text.find("| 0 of 3 |") != std::string::npos);  // no episode has one step
  CHECK(output.text.find("| 3 (0-2) | " + fmt::format("{:.4g} [", sum / 3)) != std::string::npos);
  std::sort(returns.begin(), returns.end());
  CHECK(output.text.find(fmt::format(" | {:.4g} | {} |", returns[1], good > 0 ? "yes" : "no")) !=
        std::string::npos);
  CHECK(count(output.text, "a book") == 4);
}

TEST_CASE("results counts runs that reached the target and ended below", "[commands][results]") {
  const Scratch scratch;
  // Three episodes a time: whether the mean is above 9.4 changes from one evaluation to the next.
  // is.
  scratch.write("tiny_run.yaml", tiny_run("reach: [eval/return_greedy >= 9.4]"));
  REQUIRE(shell("cd " + scratch.str() + " && atelier run tiny_run.yaml --seeds 8 --out runs/a").code == 0);
  int relapsed = 0;
  for (int seed = 0; seed < 8; ++seed) {
    const auto rows =
        core::RunFile(scratch / ("runs/a/seed-" + std::to_string(seed))).rows("eval/return_greedy");
    bool reached = false;
    for (const core::Row& row : rows) reached |= row.value >= 9.4;
    relapsed += reached && rows.back().value < 9.4;
  }
  CHECK(relapsed > 0);
  const Output output = shell("cd " + scratch.str() + " && atelier results --out table.md && cat table.md");
  INFO(output.text);
  CHECK(output.text.find(" of 8 | " + std::to_string(relapsed) + " |") != std::string::npos);
}

TEST_CASE("results says best and final apart, and that a run spent more than its source",
          "[commands][results]") {
  const Scratch scratch;
  const auto reached = [&](const std::string& target) {
    scratch.write("tiny.yaml", tiny_run("reach: [eval/return_greedy >= 1], source: a book, " + target));
    const Output output =
        shell("cd " + scratch.str() +
              " && atelier run tiny.yaml --force --quiet --out runs/a && "
              "atelier results runs --episodes 2 --out table.md && grep 'a book |' table.md");
    INFO(output.text);
    REQUIRE(output.code == 0);
    return output.text.substr(output.text.find("| tiny |"));
  };
  CHECK(reached("budget: {steps: 4}").find("| 1 of 1 | 1 of 1 | 0 | 4 steps |") != std::string::npos);
  CHECK(reached("budget: {steps: 4}").find("| yes |") != std::string::npos);
  CHECK(reached("budget: {steps: 2}").find("| 4 steps (source: 2 steps) |") != std::string::npos);
  CHECK(reached("budget: {steps: 2}").find("| at 2 x its budget |") != std::string::npos);
  CHECK(reached("checkpoint: last").find("| 1 of 1 | 1 of 1 (it counts) |") != std::string::npos);
}

TEST_CASE("results holds a model against its test data", "[commands][results]") {
  const Scratch scratch;
  scratch.write(
      "xor.yaml",
      "model: mlp\ndata: xor\ntrain: {steps: 20}\ntarget: {reach: [test/accuracy >= 2], source: a book}\n");
  const Output output =
      shell("cd " + scratch.str() + " && atelier run xor.yaml --out runs/a && atelier results runs");
  INFO(output.text);
  REQUIRE(output.code == 0);
  CHECK(output.text.find("| valid/accuracy 0.") != std::string::npos);  // on the last line, both
  CHECK(output.text.find("| test/accuracy 0.") != std::string::npos);
  CHECK(output.text.find("test/accuracy >= 2") != std::string::npos);
  CHECK(output.text.find("relapses") != std::string::npos);
  if (!has_terminal()) return;
  const Output narrow =
      shell("cd " + scratch.str() + " && script -qec 'atelier results runs' /dev/null < /dev/null");
  INFO(narrow.text);
  CHECK(narrow.text.find("relapses") == std::string::npos);
  CHECK(narrow.text.find("xor: a book") != std::string::npos);
  CHECK(output.text.find("0 of 1") != std::string::npos);
}

TEST_CASE("results takes the newest of equal runs and passes over the unfinished", "[commands][results]") {
  const Scratch scratch;
  scratch.write("tiny_run.yaml", tiny_run("reach: [eval/return_greedy >= 1]"));
  const std::string in = "cd " + scratch.str() + " && ";
  REQUIRE(shell(in + "atelier run tiny_run.yaml --out runs/tiny_run/1/seed-0").code == 0);
  REQUIRE(shell(in + "atelier run tiny_run.yaml train.steps=5 --out runs/tiny_run/2/seed-0").code == 0);
  const std::string third = scratch / "runs/tiny_run/3/seed-0";
  CHECK(stopped("atelier run " + (scratch / "tiny_run.yaml") + " train.minutes=10 --out " + third, "TERM",
                {third + "/run.h5"})
            .text.find("code 143") != std::string::npos);
  const Output output = shell(in + "atelier results runs");
  INFO(output.text);
  CHECK(count(output.text, "eval/return_greedy >= 1") == 1);
  CHECK(output.text.find("5 steps") != std::string::npos);
  CHECK(output.text.find("passed over: runs/tiny_run/3/seed-0") != std::string::npos);
  const Output unasked = shell(in + "atelier results runs --judge tiny_run.yaml");
  INFO(unasked.text);
  CHECK(unasked.text.find("--judge tiny_run.yaml: not used, no run here names a judge") != std::string::npos);
  CHECK(shell(in + "atelier results runs --judge nowhere.yaml").code == 2);
}

TEST_CASE("a run that did what a shipped file says is held against that file's target",
          "[commands][results]") {
  const Scratch scratch;
  const std::string in = "cd " + scratch.str() + " && ", file = "experiments/cartpole_cma_es.yaml";
  REQUIRE(shell(in + "atelier run " + file + " seed=3 'target.reach=[]' --out runs/a/seed-3").code == 0);
  REQUIRE(shell(in + "atelier run " + file + " seed=4 'target.reach=[]' train.steps=2 --out runs/b/seed-4")
              .code == 0);
  const Output output = shell(in + "mkdir tables && atelier results runs --episodes 2 --out tables");
  INFO(output.text);
  CHECK(count(output.text, "eval/return_greedy >= 475") == 1);
  CHECK(output.text.find("2 steps") == std::string::npos);
  // A folder gets a table for each folder of experiments that has a row.
  const Output tables = shell(in + "find tables -type f && cat tables/agents/results.md");
  CHECK(tables.text.starts_with("tables/agents/results.md\n# Results\n"));
  CHECK(count(tables.text, "| cartpole_cma_es |") == 1);
  // A later one keeps the rows of others and renews its own.
  REQUIRE(shell(in + "sed -i 's/cartpole_cma_es/cartpole_ars/' tables/agents/results.md && "
                     "atelier results runs --episodes 2 --out tables")
              .code == 0);
  REQUIRE(shell(in + "atelier results runs --episodes 2 --out tables").code == 0);
  const Output both = shell(in + "cat tables/agents/results.md");
  CHECK(count(both.text, "| cartpole_cma_es |") == 1);
  CHECK(both.text.find("| cartpole_ars |") < both.text.find("| cartpole_cma_es |"));
}

TEST_CASE("a target that cannot be read or judged is refused before the run", "[commands][results]") {
  const Scratch scratch;
  const auto refused = [&](const std::string& target, const std::string& message) {
    scratch.write("bad.yaml", tiny_run(target));
    const Output output = shell("cd " + scratch.str() + " && atelier run bad.yaml");
    INFO(output.text);
    CHECK(output.code == 2);
    CHECK(output.text.find(message) != std::string::npos);
    CHECK_FALSE(std::filesystem::exists(scratch / "runs"));
  };
  refused("reach: [eval/return_gredy >= 9]", "did you mean 'eval/return_greedy'");
  refused("reach: [eval/return_greedy > 9]", "expected 'METRIC >= NUMBER'");
  refused("reach: [eval/return_greedy >= many]", "found 'eval/return_greedy >= many'");
  refused("reach: [eval/return_greedy >= 9], share: 2", "above 0 up to 1");
  refused("reach: [train/return >= 9]", "expected a metric of the evaluation at the end");
  const Output empty =
      shell("mkdir -p " + scratch.str() + "/none && atelier results " + scratch.str() + "/none");
  CHECK(empty.code == 2);
  CHECK(empty.text.find("no finished run with a target") != std::string::npos);
  CHECK(shell("atelier results " + scratch.str() + "/nowhere").code == 2);
}
