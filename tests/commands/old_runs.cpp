// Runs of before stay readable for ever: those in tests/old_runs, by every command that reads runs.
#include "tests/catch.h"
#include "tests/commands/process.h"
#include "tests/places.h"

using namespace tests;

namespace {

std::string old_runs(const std::string& format = "format1") {
  return repository() + "/tests/old_runs/" + format + "/";
}

void unpack(const Scratch& scratch, const std::string& format = "format1") {
  const Output output = shell("tar xzf '" + old_runs(format) + "runs.tar.gz' -C '" + scratch.str() + "'");
  INFO(output.text);
  REQUIRE(output.code == 0);
}

Output in(const Scratch& scratch, const std::string& command) {
  return shell("cd '" + scratch.str() + "' && " + command);
}

void succeeds(const Scratch& scratch, const std::string& command, const std::string& words = "") {
  const Output output = in(scratch, command);
  INFO(command << "\n" << output.text);
  CHECK(output.code == 0);
  CHECK(output.text.find(words) != std::string::npos);
}

}  // namespace

TEST_CASE("every row of a run of format 1 is read as it was written", "[commands][old_runs]") {
  const Scratch scratch;
  unpack(scratch);
  succeeds(scratch, "atelier export cartpole xor copy --format csv --out now.csv");
  succeeds(scratch, "zcat '" + old_runs() + "metrics.csv.gz' | cmp - now.csv");
}

TEST_CASE("runs of format 2 whose chunks have 512 rows are read, and gone on with", "[commands][old_runs]") {
  const Scratch scratch;
  unpack(scratch, "format2");
  succeeds(scratch, "atelier export finished killed --format csv --out now.csv");
  succeeds(scratch, "sha256sum now.csv", "d3f4828bb6f81159873cd1353de46d36ac3f7aaa3c1753244835cd92862ec599");
  succeeds(scratch, "atelier report finished killed", "old #2");
  succeeds(scratch, "atelier run --quiet --resume killed train.env_steps=15k");
  succeeds(scratch, "atelier export killed --format csv --metric train/td_loss --out on.csv");
  succeeds(scratch, "grep -c train/td_loss on.csv", "1491\n");
}

TEST_CASE("what reads runs reads those of format 1", "[commands][old_runs]") {
  const Scratch scratch;
  unpack(scratch);
  succeeds(scratch, "atelier report cartpole xor copy --out page.html", "finished");
  succeeds(scratch, "atelier watch cartpole --svg cartpole.svg && [ -s cartpole.svg ]");
  succeeds(scratch, "atelier watch xor --svg xor.svg && [ -s xor.svg ]");
  succeeds(scratch, "atelier eval cartpole --episodes 10", "eval/return_greedy");
  succeeds(scratch, "atelier eval xor --json | grep -c test/accuracy");
  succeeds(scratch, "atelier eval copy --json | grep -c test/accuracy");
  succeeds(scratch, "atelier sample copy --n 5 --prompt a");
  succeeds(scratch, "atelier diff cartpole cartpole", "equal");
  succeeds(scratch, "atelier export cartpole --format minari --out cartpole-v0");
  const Output resumed = in(scratch, "atelier run --resume cartpole train.env_steps=9000");
  INFO(resumed.text);
  CHECK(resumed.code == 2);
  CHECK(resumed.text.find("older Atelier (run format 1)") != std::string::npos);
}

TEST_CASE("the code of docs/analysis.md reads a run of format 1 too", "[commands][old_runs]") {
  const Scratch scratch;
  unpack(scratch);
  scratch.write("read.py",
                "import re, sys\n"
                "code = re.search('```python\\n(.*?)```', open(sys.argv[1]).read(), re.S)[1]\n"
                "exec(code[:code.index('folder = ')])\n"
                "greedy = rows('cartpole', 'eval/return_greedy')\n"
                "print(list(greedy.columns), len(greedy), greedy['value'].iloc[-1])\n");
  succeeds(scratch, "/usr/bin/python3 read.py '" + repository() + "/docs/analysis.md'",
           "['step', 'env_steps', 'samples', 'wall_s', 'value'] 4 77.4");
}
