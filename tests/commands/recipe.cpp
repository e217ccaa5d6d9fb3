// The recipe's tools from outside: describe --summary, tune lr, what a run says of its start and of its time.
#include "core/run_log.h"
#include "tests/catch.h"
#include "tests/commands/process.h"

using namespace tests;

namespace {

const std::string net =
    "model: mlp\ndata: {name: xor, batch_size: 50}\nnet: {hidden: [8]}\ntrain: {steps: 40}\n";

void says(const Output& output, const std::vector<std::string>& words) {
  INFO(output.text);
  for (const std::string& word : words) {
    INFO(word);
    CHECK(output.text.find(word) != std::string::npos);
  }
}

}  // namespace

TEST_CASE("describe --summary tells layers, shapes, parameters, operations and memory",
          "[commands][recipe]") {
  const Scratch scratch;
  scratch.write("net.yaml", net);
  const auto described = [&](const std::string& arguments) {
    return shell("cd " + scratch.str() + " && atelier describe " + arguments);
  };
  const Output plain = described("net.yaml --summary");
  CHECK(plain.code == 0);
  says(plain, {"net (model mlp)", "net/hidden_1  linear        [8]          24     32     1.6 kB",
               "net/output    linear        [2]          18     32      400 B",
               "parameters  42, of which 42 are learned", "FLOPs       64 forward for one row",
               "state of the optimiser (adam) 336 B", "a batch of 50 rows 2 kB"});
  CHECK(described("net.yaml mlp.backend=scratch --summary").text == plain.text);
  says(described("net.yaml 'net.hidden=[]' --summary"), {"parameters  6, of which 6 are learned"});
  says(described("cartpole_reinforce --summary"), {"(agent reinforce)", "policy/hidden_1  linear"});
  CHECK(described("net.yaml --summary --picture x.png").code == 2);
  const Output wrong = described("net.yaml net.hiden=3 --summary");
  CHECK(wrong.code == 2);
  says(wrong, {"net.hiden"});
  const Output bare = described("net.yaml net.hidden=3");
  CHECK(bare.code == 2);
  says(bare, {"--summary"});
  CHECK(shell("ls " + scratch.str()).text == "net.yaml\n");  // no run folder, no file
}

TEST_CASE("tune lr prints rates and a suggestion, twice the same, and leaves runs alone",
          "[commands][recipe]") {
  const Scratch scratch;
  scratch.write("net.yaml", net);
  REQUIRE(shell("cd " + scratch.str() + " && atelier run net.yaml --quiet --out run").code == 0);
  const std::string sums = "cd " + scratch.str() + " && find run -type f | sort | xargs sha256sum";
  const Output before = shell(sums);
  const auto tuned = [&](const std::string& arguments) {
    return shell("cd " + scratch.str() + " && atelier tune lr net.yaml " + arguments);
  };
  const Output first = tuned("--out lr.csv --updates 100");
  CHECK(first.code == 0);
  says(first,
       {"rate", "smoothed", "suggestion: optim.lr=", "a tenth of the rate with the least", "falls fastest"});
  const std::string table = shell("cat " + (scratch / "lr.csv")).text;
  CHECK(table.rfind("lr,loss,smoothed\n1e-06,0.", 0) == 0);
  CHECK(tuned("--out lr.csv --updates 100").text == first.text);
  CHECK(shell("cat " + (scratch / "lr.csv")).text == table);
  CHECK(tuned("--updates 100 seed=1").text != first.text);
  CHECK(shell(sums).text == before.text);
  CHECK(shell("ls " + scratch.str()).text == "lr.csv\nnet.yaml\nrun\n");
  if (shell("command -v gnuplot").code == 0) {
    says(tuned("--updates 20 --charts charts"), {"wrote 3 charts into charts"});
    CHECK(shell("head -c 5 " + (scratch / "charts/lr.svg")).text == "<?xml");
  }
}

TEST_CASE("tune lr refuses what it cannot do, in one line", "[commands][recipe]") {
  const Scratch scratch;
  scratch.write("net.yaml", net);
  const auto refused = [&](const std::string& arguments, const std::string& words) {
    const Output output = shell("cd " + scratch.str() + " && atelier tune " + arguments);
    CHECK(output.code == 2);
    says(output, {words});
  };
  refused("lr cartpole_reinforce", "reinforce gathers its own data");
  refused("lr net.yaml --from 1 --to 0.1", "--from below --to");
  refused("lr net.yaml --out lr.txt", "--out");
  refused("lr none.yaml", "none.yaml");
  refused("momentum net.yaml", "momentum");
  refused("lr net.yaml optim.lrr=3", "optim.lrr");
}

TEST_CASE("A run says its loss at the start beside ln K, and logs it where rules can read it",
          "[commands][recipe]") {
  const Scratch scratch;
  scratch.write("net.yaml", net);
  const Output run = shell("cd " + scratch.str() + " && atelier run net.yaml --out run");
  CHECK(run.code == 0);
  says(run, {"loss at the start 0.", "equal chances for all have ln 2 = 0.6931",
             "whoever does not see the inputs has 0.69"});
  const core::RunFile file(scratch / "run");
  for (const char* metric : {"start/loss", "start/uniform", "start/constant", "start/majority"}) {
    INFO(metric);
    REQUIRE(file.rows(metric).size() == 1);
    CHECK(file.rows(metric)[0].step == 1);
  }
  CHECK(file.rows("start/uniform")[0].value == Approx(0.693147).epsilon(1e-5));
}

TEST_CASE("Where the time of a run went stands in its file and in the report, over all sittings",
          "[commands][recipe]") {
  const Scratch scratch;
  scratch.write("net.yaml", net);
  const auto ran = [&](const std::string& arguments) {
    const Output output = shell("cd " + scratch.str() + " && atelier " + arguments);
    INFO(output.text);
    CHECK(output.code == 0);
    return output;
  };
  const auto spent = [&](const char* part) {
    const auto row = core::RunFile(scratch / "run").last_row(std::string("time/") + part + "_s");
    REQUIRE(row);
    return row->value;
  };
  ran("run net.yaml --quiet --out run train.steps=1000");
  const double first = spent("backward");
  CHECK(first > 0);
  for (const char* part : {"data", "forward", "optimizer", "logging", "evaluation", "pictures", "checkpoint"})
    CHECK(spent(part) > 0);
  says(ran("report run"), {"Where the time went", "backward", "evaluation"});
  ran("run --resume run train.steps=2000 --quiet");
  CHECK(spent("backward") > first);
  ran("run net.yaml --quiet --out whole train.steps=2000");
  says(ran("report run whole --out page.html"), {"Where the time went"});
  CHECK(shell("cd " + scratch.str() + " && atelier diff run whole").text.find("time/") == std::string::npos);
}
