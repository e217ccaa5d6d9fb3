// atelier eval: one table for the seeds of each experiment.
#include "tests/catch.h"
#include "tests/commands/process.h"

using namespace tests;

static size_t mentions(const std::string& text, const std::string& part) {
  size_t n = 0;
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
  return n;
}

TEST_CASE("eval names environment and episodes once and tells mean, deviation and interval in a table",
          "[commands][eval]") {
  const Scratch scratch;
  scratch.write("agent.yaml",
                "agent: reinforce\nenv: {id: CartPole-v1, max_episode_steps: 30}\n"
                "reinforce: {episodes_per_update: 2}\ntrain: {steps: 2}\neval: {episodes: 3}\n");
  scratch.write("model.yaml",
                "model: flow\ndata: {name: moons, train_size: 200, test_size: 100}\ntrain: {steps: 2}\n");
  REQUIRE(
      shell("cd " + scratch.str() + " && atelier run agent.yaml --seeds 3 && atelier run model.yaml --quiet")
          .code == 0);
  const Output output = shell("cd " + scratch.str() + " && atelier eval runs --episodes 10");
  INFO(output.text);
  REQUIRE(output.code == 0);
  CHECK(mentions(output.text, "on CartPole-v1, 10 episodes of each policy") == 1);
  CHECK(mentions(output.text, "deviation") == 1);  // a model has no episodes
  CHECK(mentions(output.text, "95 % interval") == 1);
  CHECK(mentions(output.text, "all 3") == 4);  // four metrics: best.h5 is last.h5
  CHECK(mentions(output.text, "0 of 3") == 1);
  CHECK(mentions(output.text, "; last.h5 does the same\n") == 2);
  CHECK(output.text.find("model (flow), test data") != std::string::npos);
  CHECK(output.text.find("nan") == std::string::npos);
  const Output few = shell("cd " + scratch.str() + " && atelier eval runs --episodes 3 | grep eval/length");
  INFO(few.text);
  CHECK(few.text.find("[-") == std::string::npos);  // no length is negative
}

TEST_CASE("eval writes a classifier's answer to each test row, and grades each class", "[commands][eval]") {
  const Scratch scratch;
  std::string table = "x,y,kind\n";
  for (int i = 0; i < 60; ++i)
    table += std::to_string(i % 7) + "," + std::to_string(i % 3) + "," + (i % 3 ? "\"a, b\"\n" : "c\n");
  scratch.write("t.csv", table);
  scratch.write(
      "x.yaml",
      "model: mlp\ndata: {name: csv, path: t.csv, target: kind, batch_size: 10}\noptim: {lr: 0.05}\n"
      "train: {steps: 100}\n");
  const auto in = [&](const std::string& command) { return shell("cd " + scratch.str() + " && " + command); };
  REQUIRE(in("atelier run x.yaml --quiet --out run").code == 0);
  const Output output = in("atelier eval run --predictions p.csv");
  INFO(output.text);
  REQUIRE(output.code == 0);
  CHECK(output.text.find(
            "precision  recall      F1    rows  class\n   1.0000  1.0000  1.0000       8  a, b\n") !=
        std::string::npos);
  const Output read =
      in("/usr/bin/python3 -c \"import pandas; t = pandas.read_csv('p.csv'); p = t[['p a, b', 'p c']]; "
         "print(len(t), list(t.columns), (t['class'] == t['predicted']).all(), "
         "(abs(p.sum(axis=1) - 1) < 1e-5).all(), ('p ' + t['predicted'] == p.idxmax(axis=1)).all())\"");
  CHECK(read.text == "12 ['row', 'class', 'predicted', 'p a, b', 'p c'] True True True\n");
  CHECK(in("atelier eval run --predictions p.txt").text.find("expected an ending .csv") != std::string::npos);
  scratch.write("agent.yaml", "agent: q_learning\nenv: FrozenLake-v1\ntrain: {steps: 2}\n");
  REQUIRE(in("atelier run agent.yaml --quiet --out agent").code == 0);
  const Output refused = in("atelier eval agent --predictions p.csv --episodes 1");
  CHECK(refused.code == 2);
  CHECK(refused.text.find("'q_learning' gives no row a class") != std::string::npos);
  CHECK(
      in("atelier eval run agent --predictions q.csv --episodes 1").text.find("expected one run, found 2") !=
      std::string::npos);
}
