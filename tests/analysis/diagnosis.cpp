// Each rule of diagnosis has a made run where it speaks and one where it is silent.
#include "analysis/diagnosis/diagnosis.h"

#include <fmt/format.h>

#include <functional>
#include <map>
#include <set>
#include <sstream>

#include "analysis/report.h"
#include "core/run_log.h"
#include "tests/catch.h"
#include "tests/scratch.h"

namespace tests::diagnosis {

using Catch::Matchers::ContainsSubstring;

namespace {

constexpr int64_t steps = 100, evaluation = 10;  // the last step, and how often there is one

// A metric's value over the share of the run that is done.
using Shape = std::function<double(double share)>;
using Shapes = std::map<std::string, Shape>;

struct Made {
  Shapes shapes;
  core::Attributes attributes;
  std::string config;
  std::string says;  // what is in the words, where the rule speaks
};

Shape line(double from, double to) {
  return [=](double share) { return from + share * (to - from); };
}

// `from`, and from this share on `to`.
Shape jump(double from, double to, double at) {
  return [=](double share) { return share < at ? from : to; };
}

// From a to b at half of the run, then to c.
Shape bend(double a, double b, double c) {
  return [=](double share) { return share < 0.5 ? a + 2 * share * (b - a) : b + (2 * share - 1) * (c - b); };
}

void write(const std::filesystem::path& folder, const Made& made) {
  std::filesystem::create_directories(folder);
  std::vector<core::Metric> metrics;
  for (const auto& [name, shape] : made.shapes) metrics.push_back({name, "", "A <metric>", false});
  core::Attributes attributes{{"name", "made"}, {"seed", "7"}};
  attributes.insert(attributes.end(), made.attributes.begin(), made.attributes.end());
  auto log = core::RunLog::create(folder, attributes, "name: made\nseed: 7\n" + made.config, metrics);
  for (int64_t step = 1; step <= steps; ++step)
    for (const auto& [name, shape] : made.shapes)
      if (const bool held = name.starts_with("eval") || name.starts_with("valid");
          !held || step % evaluation == 0)
        log.log(name, {step, step, step, 0.1 * double(step), shape(double(step) / double(steps))});
  log.finish("finished");
}

std::map<std::string, std::string> findings(const Made& made) {
  const Scratch scratch;
  write(scratch / "run", made);
  const analysis::Run run = analysis::load_run(scratch / "run");
  std::map<std::string, std::string> found;
  for (const auto& one : analysis::diagnosis::diagnose(run, analysis::diagnosis::curves_of(run)))
    found[one.rule] = one.words;
  return found;
}

const core::Attributes by_return{{"score", "eval/return_greedy"}, {"score_sign", "+1"}};
const std::string solved_at_400 = "target: {reach: [eval/return_greedy >= 400]}\n";

struct Case {
  Made speaks, silent;
};

const std::map<std::string, Case>& cases() {
  static const std::map<std::string, Case> all{
      {"overfitting",
       {{.shapes = {{"valid/loss", bend(1, 0.5, 1)}, {"train/loss", line(1, 0.1)}},
         .says = "valid/loss was least, 0.5, at step 50 and has risen to 0.95 by step 100"},
        // The curve of held-out rows turns a little; and one that rises with the training loss diverged.
        {.shapes = {{"valid/loss", bend(1, 0.5, 0.51)}, {"train/loss", line(1, 0.1)}}}}},
      {"loss far from chance",
       {{.shapes = {{"start/loss", line(5, 5)}, {"start/uniform", line(std::log(10), std::log(10))}},
         .says = "before any update, was 5, where equal chances for all have 2.303: ln 10"},
        // Of another loss, and of a model that has no classes, nothing is said.
        {.shapes = {{"start/loss", line(2.5, 2.5)},
                    {"start/uniform", line(std::log(10), std::log(10))},
                    {"train/loss", line(6.95, 0.1)}}}}},
      {"relapse",
       {{.shapes = {{"eval/return_greedy", bend(0, 500, 100)}},
         .attributes = by_return,
         .config = solved_at_400,
         .says = "was 500 at step 50 and is 100 at step 100; the target is 400"},
        {.shapes = {{"eval/return_greedy", bend(0, 500, 390)}},
         .attributes = by_return,
         .config = solved_at_400}}},
      {"entropy collapse",
       {{.shapes = {{"train/entropy", bend(0.7, 0, 0)}, {"eval/return_greedy", line(20, 20)}},
         .attributes = by_return,
         .says = "and eval/return_greedy has not risen since (best 20 before, 20 after)"},
        {.shapes = {{"train/entropy", bend(0.7, 0, 0)}, {"eval/return_greedy", line(0, 450)}},
         .attributes = by_return,
         .config = solved_at_400}}},
      {"replay without failures",
       {{.shapes = {{"train/terminated", bend(0.2, 0, 0)}, {"eval/return_greedy", bend(0, 500, 100)}},
         .attributes = by_return,
         .says = "% from step"},
        {.shapes = {{"train/terminated", bend(0.2, 0, 0)}, {"eval/return_greedy", bend(0, 500, 500)}},
         .attributes = by_return}}},
      {"posterior collapse",
       {{.shapes = {{"valid/active_units", jump(20, 1, 0.35)}, {"valid/kl", jump(12, 0.01, 0.35)}},
         .attributes = {{"latent_units", "20"}},
         .says = "1 of 20 latent dimensions tell rows apart since step 40; valid/kl is 0.01 nats"},
        {.shapes = {{"valid/active_units", line(20, 2)}}, .attributes = {{"latent_units", "20"}}}}},
      {"mode collapse",
       {{.shapes = {{"valid/modes", jump(8, 2, 0.75)}},
         .attributes = {{"modes", "8"}},
         .says = "the samples meet 2 of 8 modes since step 80 (at most 8 before)"},
        {.shapes = {{"valid/modes", jump(2, 8, 0.75)}}, .attributes = {{"modes", "8"}}}}},
      {"exploding gradients",
       {{.shapes = {{"train/q_grad_norm", jump(2, 900, 0.8)}, {"train/q_loss", jump(1, 40, 0.8)}},
         .says = "train/q_grad_norm was 900 at step 80, 450 times its median before"},
        // As large where the loss goes on falling: a spike that was clipped.
        {.shapes = {{"train/q_grad_norm", jump(2, 900, 0.8)}, {"train/q_loss", line(1, 0.2)}}}}},
      {"vanishing gradients",
       {{.shapes = {{"train/grad_norm", jump(2, 1e-5, 0.2)}, {"train/loss", jump(1, 0.95, 0.2)}},
         .says = "train/grad_norm fell from 2 to 1e-05 by step 20, and the loss only from 1 to 0.95"},
        {.shapes = {{"train/grad_norm", jump(2, 1e-5, 0.2)}, {"train/loss", jump(1, 0.7, 0.2)}}}}},
      {"dead units",
       {{.shapes = {{"layer.net.hidden_1/output_dead", jump(0.1, 0.95, 0.35)}},
         .says = "95 % of the units of net.hidden_1 are 0 in every row since step 35"},
        {.shapes = {{"layer.net.hidden_1/output_dead", line(0.1, 0.6)}}}}},
      {"gradients vanish on their way",
       {{.shapes = {{"layer.net.hidden_1/gradient_deviation", line(1e-8, 1e-8)},
                    {"layer.net.hidden_2/gradient_deviation", line(1e-4, 1e-4)},
                    {"layer.net.output/gradient_deviation", line(0.01, 0.01)}},
         .says = "net.hidden_1 has a gradient of deviation 1e-08, mean over the run, net.output one of 0.01"},
        // Another module's are no measure, nor is a layer that does not learn at all.
        {.shapes = {{"layer.net.output/gradient_deviation", line(0.01, 0.01)},
                    {"layer.critic.output/gradient_deviation", line(1e-8, 1e-8)}}}}},
      {"gradients explode on their way",
       {{.shapes = {{"layer.net.hidden_1/gradient_deviation", line(90, 90)},
                    {"layer.net.hidden_2/gradient_deviation", line(0.2, 0.2)},
                    {"layer.net.output/gradient_deviation", line(0.03, 0.03)}},
         .says = "net.hidden_1 has a gradient of deviation 90, mean over the run, net.output one of 0.03"},
        {.shapes = {{"layer.net.hidden_1/gradient_deviation", line(1, 1)},
                    {"layer.net.output/gradient_deviation", line(0.1, 0.1)}}}}},
  };
  return all;
}

}  // namespace

TEST_CASE("each rule speaks of a made run, with figure and place, and of it alone", "[analysis][diagnosis]") {
  for (const auto& [rule, made] : cases()) {
    INFO(rule);
    const auto found = findings(made.speaks);
    REQUIRE(found.contains(rule));
    CHECK_THAT(found.at(rule), ContainsSubstring(made.speaks.says));
    // A replay without failures is why a relapse came, which is said, too.
    CHECK(found.size() == (rule == "replay without failures" ? 2 : 1));
  }
}

TEST_CASE("each rule is silent of a run that is well", "[analysis][diagnosis]") {
  for (const auto& [rule, made] : cases()) {
    INFO(rule);
    for (const auto& [found, words] : findings(made.silent)) FAIL_CHECK(found << ": " << words);
  }
}

TEST_CASE("every rule has its made runs, a sentence, what it reads and whence its numbers come",
          "[analysis][diagnosis]") {
  std::set<std::string> names;
  for (const auto& rule : analysis::diagnosis::rules()) {
    INFO(rule.name);
    CHECK(names.insert(rule.name).second);
    CHECK(cases().contains(rule.name));
    for (const char* words : {rule.sentence, rule.reads, rule.threshold})
      CHECK(std::string(words).size() > 5);
  }
  CHECK(names.size() == cases().size());
}

TEST_CASE("a run without rows, and one whose rows are not numbers, has nothing to be told of",
          "[analysis][diagnosis]") {
  Made empty{.shapes = {}, .attributes = by_return}, strange = empty;
  for (const auto& [rule, made] : cases())
    for (const auto& [name, shape] : made.speaks.shapes) {
      strange.shapes[name] = [](double) { return std::nan(""); };
      for (const auto& fact : made.speaks.attributes) strange.attributes.push_back(fact);
    }
  CHECK(findings(empty).empty());
  CHECK(findings(strange).empty());
  strange.attributes = {{"classes", "ten"}, {"modes", ""}, {"latent_units", "1e999"}};
  for (auto& [name, shape] : strange.shapes) shape = line(0.5, 0.5);
  CHECK(findings(strange).empty());
}

TEST_CASE("samples that meet few of the data's classes are a collapse of modes, too",
          "[analysis][diagnosis]") {
  Made made{.shapes = {{"valid/classes", jump(10, 3, 0.55)}}, .attributes = {{"label_classes", "10"}}};
  CHECK(findings(made).at("mode collapse") ==
        "the samples meet 3 of 10 classes since step 60 (at most 10 before)");
  made.shapes["valid/classes"] = line(10, 6);
  CHECK(findings(made).empty());
}

TEST_CASE("a run that ended at a value that is not finite says which", "[analysis][diagnosis]") {
  const Scratch scratch;
  write(scratch / "run", {.shapes = {{"train/loss", line(1, 1)}},
                          .attributes = {{"failure", "step 100: term 'loss' is not finite"}}});
  CHECK(
      analysis::diagnosis::diagnose(scratch / "run") ==
      std::vector<std::string>{"exploding gradients: the run ended at step 100: term 'loss' is not finite"});
}

TEST_CASE("a report tells every run's diagnosis, in the terminal and, escaped, on the page",
          "[analysis][diagnosis]") {
  const Scratch scratch;
  Made made = cases().at("mode collapse").speaks;
  write(scratch / "made/seed-7", made);
  made.attributes.emplace_back("failure", "step 3: term '<b>' is not finite");
  made.config = "other: 1\n";
  write(scratch / "other/seed-7", made);
  std::ostringstream out;
  analysis::report({scratch / "made", scratch / "other"}, {.html = scratch / "r.html"}, out);
  CHECK_THAT(out.str(), ContainsSubstring("seed 7: mode collapse: the samples meet 2 of 8 modes"));
  CHECK_THAT(out.str(), ContainsSubstring("seed 7: exploding gradients: the run ended at step 3"));
  const std::string page = bytes_of(scratch / "r.html");
  CHECK_THAT(page, ContainsSubstring("seed 7: mode collapse: the samples meet 2 of 8 modes"));
  CHECK_THAT(page, ContainsSubstring("term '&lt;b&gt;' is not finite"));
}

}  // namespace tests::diagnosis
