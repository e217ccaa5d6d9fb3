// `atelier sweep`: trials are ordinary runs, a stopped sweep goes on, halving drops the worse ones.
#include "tests/catch.h"
#include "tests/commands/process.h"

using namespace tests;

static const std::string quick =
    "agent: reinforce\nenv: CartPole-v1\ntrain: {env_steps: 400}\n"
    "eval: {every: {steps: 1}, episodes: 2}\n";

static std::string lines_with(const std::string& text, const std::string& word) {
  std::string found;
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    const std::string line = text.substr(at, end - at);
    if (line.find(word) != std::string::npos) found += line + '\n';
    at = end + 1;
  }
  return found;
}

TEST_CASE("a grid trains every combination once, and goes on after it was stopped", "[commands][sweep]") {
  const Scratch scratch;
  scratch.write("x.yaml", quick);
  scratch.write("grid.yaml",
                "experiment: x.yaml\nkeys:\n  optim.lr: [1e-3, 1e-2]\n  net.hidden: [[8], [8, 8]]\n");
  const std::string command = "cd " + scratch.str() + " && atelier sweep grid.yaml --out here";
  const Output first = shell(command);
  INFO(first.text);
  CHECK(first.code == 0);
  for (const char* trial : {"trial-000", "trial-001", "trial-002", "trial-003"})
    CHECK(lines_with(first.text, std::string(trial) + ": finished").size() > 20);
  CHECK(lines_with(first.text, "[8, 8]").find("1e-2") != std::string::npos);
  const Output report =
      shell("cd " + scratch.str() + " && atelier report here/trial-000 here/trial-003 && ls here");
  INFO(report.text);
  CHECK(report.code == 0);
  CHECK(report.text.find("sweep.svg") != std::string::npos);
  // One trial is lost and one was killed: only these two train again, and the table stays the same.
  const std::string table = shell("cat " + scratch / "here/table.csv").text;
  const Output again = shell(
      "cd " + scratch.str() +
      " && rm -r here/trial-001 && "
      "/usr/bin/python3 -c \"import h5py, numpy; facts = h5py.File('here/trial-002/run.h5', 'a').attrs; "
      "facts['status'] = numpy.bytes_('running'); facts.modify('seal', 0); del facts['contents']\" && " +
      command);
  INFO(again.text);
  CHECK(again.code == 0);
  CHECK(lines_with(again.text, ": finished").find("trial-001") != std::string::npos);
  CHECK(lines_with(again.text, ": finished").find("trial-000") == std::string::npos);
  CHECK(shell("cat " + scratch / "here/table.csv").text == table);
  CHECK(lines_with(table, "trial-").size() > 80);
}

TEST_CASE("halving trains who is left for longer, and draws the same trials again", "[commands][sweep]") {
  const Scratch scratch;
  scratch.write("x.yaml", quick);
  scratch.write("halving.yaml",
                "experiment: x.yaml\nmethod: halving\ntrials: 5\n"
                "halving: {unit: env_steps, budgets: [200, 600], keep: 0.45}\n"
                "keys: {optim.lr: {min: 1e-4, max: 1e-1, scale: log},"
                " reinforce.gamma: {min: 0.99991, max: 0.99999}}\n");
  const std::string command = "cd " + scratch.str() + " && atelier sweep halving.yaml --out ";
  const Output one = shell(command + "one"), two = shell(command + "two");
  INFO(one.text);
  CHECK(one.code == 0);
  CHECK(shell("cat " + scratch / "one/table.csv").text == shell("cat " + scratch / "two/table.csv").text);
  // However narrow the range is, no two trials are one, and none lies outside.
  const Output drawn = shell("cd " + scratch.str() +
                             " && /usr/bin/python3 -c \"import pandas\n"
                             "gamma = pandas.read_csv('one/table.csv')['reinforce.gamma']\n"
                             "print(gamma.nunique(), gamma.between(0.99991, 0.99999).all())\"");
  CHECK(drawn.text == "5 True\n");
  CHECK(shell("wc -l < " + scratch / "one/rung-0.txt").text == "5\n");
  CHECK(shell("wc -l < " + scratch / "one/rung-1.txt").text == "2\n");  // 0.45 of 5, rounded
  CHECK(one.text.find("new horizon") == std::string::npos);
  // The best two of the first rung, and no others, reached the second budget.
  const Output budgets = shell("cd " + scratch / "one" +
                               " && /usr/bin/python3 -c \"import h5py\n"
                               "for k in range(5):\n"
                               "  t = h5py.File(f'trial-00{k}/run.h5')['metrics/eval'][-1]\n"
                               "  print(k, t['env_steps'] >= 600)\" | grep True | cut -d' ' -f1 | sort; "
                               "echo; head -2 rung-0.txt | sort");
  const size_t middle = budgets.text.find("\n\n");
  INFO(budgets.text);
  REQUIRE(middle != std::string::npos);
  CHECK(budgets.text.substr(0, middle + 1) == budgets.text.substr(middle + 2));
}

TEST_CASE("what a folder of a sweep says of its rungs is looked at before it is believed",
          "[commands][sweep][bad_input]") {
  const Scratch scratch;
  scratch.write("x.yaml", quick);
  const std::string sweep =
      "experiment: x.yaml\nmethod: halving\ntrials: 3\n"
      "halving: {unit: env_steps, budgets: [200, 400]}\nkeys: {optim.lr: {min: 1e-3, max: 1e-2}}\n";
  scratch.write("s.yaml", sweep);
  std::filesystem::create_directory(scratch / "there");
  scratch.write("there/sweep.yaml", sweep);
  const auto refused = [&](const std::string& words) {
    const Output output =
        shell("cd " + scratch.str() + " && timeout 60 atelier sweep s.yaml --quiet --out there");
    INFO(words << ": " << output.text);
    CHECK(output.code == 2);
    CHECK(output.text.find(words) != std::string::npos);
  };
  for (const char* ranks :
       {"", "x\n", "99999999999\n", "-1\n0\n1\n", "0\n0\n1\n", "0\n1\n", "0\n1\n2\n3\n"}) {
    scratch.write("there/rung-0.txt", ranks);
    refused("rung-0.txt: expected the 3 trials of this rung");
  }
  CHECK(shell("cd " + scratch / "there" + " && rm rung-0.txt && mkfifo rung-0.txt").code == 0);
  refused("rung-0.txt: is a pipe or a device");
  CHECK(shell("cd " + scratch / "there" + " && rm rung-0.txt sweep.yaml && mkfifo sweep.yaml").code == 0);
  refused("sweep.yaml: is a pipe or a device");
}

TEST_CASE("logarithms of a range of a few numbers are drawn apart", "[commands][sweep]") {
  const Scratch scratch;
  scratch.write("x.yaml", quick);
  scratch.write("s.yaml",
                "experiment: x.yaml\nmethod: random\ntrials: 8\n"
                "keys: {optim.lr: {min: 1e-12, max: 1.00000000000001e-12, scale: log}}\n");
  REQUIRE(shell("cd " + scratch.str() + " && atelier sweep s.yaml --quiet --out here").code == 0);
  CHECK(shell("cut -d, -f2 " + scratch / "here/table.csv" + " | sort -u | wc -l").text == "9\n");
}

TEST_CASE("a sweep that cannot be made is refused with its place", "[commands][sweep][bad_input]") {
  const Scratch scratch;
  scratch.write("x.yaml", quick);
  const auto refused = [&](const std::string& text, const std::string& said) {
    scratch.write("s.yaml", "experiment: x.yaml\n" + text);
    const Output output =
        shell("cd " + scratch.str() + " && atelier sweep s.yaml --out here; code=$?; ls; exit $code");
    INFO(text << output.text);
    CHECK(output.code == 2);
    CHECK(output.text.find(said) != std::string::npos);
    CHECK(output.text.find("here\n") == std::string::npos);
  };
  refused("", "s.yaml: an empty sweep: expected keys with values");
  refused("keys: {}\n", "s.yaml:2:1: an empty sweep");
  refused("keyz: {seed: [0, 1]}\n", "unknown key 'keyz', did you mean 'keys'?");
  refused("trails: 3\n", "s.yaml:2:1: unknown key 'trails', did you mean 'trials'?");
  refused("keys:\n", "s.yaml:2:1: an empty sweep");
  refused("keys:\n  optim.lr: []\n", "s.yaml:3:3: keys.optim.lr: an empty list leaves nothing to try");
  refused("name: ../up\nkeys: {optim.lr: [1]}\n", "name: expected a plain folder name, found '../up'");
  refused("keys: {--help: [1]}\n", "keys.--help: expected a key of an experiment");
  refused("keys: {optim.lr: 3}\n", "s.yaml:2:8: keys.optim.lr: expected a list of values or a range");
  refused("keys: {optim.lr: {min: 1, max: 2}}\n", "a grid takes a list of values, found a range");
  refused("method: random\nkeys: {optim.lr: {min: 0, max: 2, scale: log}}\n", "expected min below max");
  refused("method: halving\nkeys: {optim.lr: [1]}\n", "halving.budgets: expected at least two budgets");
  refused("metod: grid\nkeys: {optim.lr: [1]}\n", "did you mean 'method'");
  refused("method: random\nkeys: {optim.lr: {min: 0.2, max: 0.8, whole: true}}\n",
          "s.yaml:3:8: keys.optim.lr: no whole number lies in 0.2 .. 0.8");
  refused("keys: {net.activation: ['new\\tan\\h']}\n", "s.yaml:2:8: net.activation: ");
  refused("keys: {net.activation: ['new\\tan\\h']}\n", "'new\\tan\\h'");
  refused("keys: {optim.lrr: [1e-3]}\n", "s.yaml:2:8: unknown key 'optim.lrr', did you mean 'optim.lr'?");
  refused("keys: {optim.lr: [1e-3, fast]}\n", "s.yaml:2:8: optim.lr: expected a number");
  scratch.write("x.yaml",
                "model: mlp\ndata: {name: csv, path: good.csv, target: kind, batch_size: 2}\n"
                "train: {steps: 1}\n");
  scratch.write("good.csv", "a,kind\n1,x\n2,y\n3,x\n4,y\n5,x\n");
  scratch.write("bad.csv", "a,kind\n1,x\nfoo,y\n");
  const std::string paths = "keys: {optim.lr: [1], data.path: [good.csv, bad.csv]}\n";
  refused(paths, "bad.csv:3:1: column 'a': expected a finite number, found 'foo'\n");
  refused(paths, "s.yaml:2:23: in trial-001, with optim.lr=1 data.path=bad.csv\n");
  refused("keys: {data.path: ['../no\\new.csv']}\n", "\ns.yaml:2:8: in trial-000, with ");
  scratch.write("x.yaml", "model: mlp\ndata: {name: csv, path: bad.csv, target: kind}\ntrain: {steps: 1}\n");
  refused("keys: {optim.lr: [1]}\n", "\ns.yaml: in trial-000, with optim.lr=1\n");  // not its key's fault
}

TEST_CASE("a sweep's folder whose trials or experiment were exchanged is refused", "[commands][sweep]") {
  const Scratch scratch;
  scratch.write("x.yaml", quick);
  scratch.write("two.yaml", "experiment: x.yaml\nkeys: {optim.lr: [1e-3, 0.02]}\n");
  const auto in_folder = [&](const std::string& before) {
    return shell("cd " + scratch.str() + " && " + before + "atelier sweep two.yaml --out here --quiet");
  };
  REQUIRE(in_folder("").code == 0);
  CHECK(in_folder("").code == 0);
  const Output swapped =
      in_folder("cd here && mv trial-000 t && mv trial-001 trial-000 && mv t trial-001 && cd .. && ");
  CHECK(swapped.code == 2);
  CHECK(swapped.text.find("here/trial-000: holds another run than this trial: optim.lr is 0.02, not 1e-3") !=
        std::string::npos);
  REQUIRE(
      in_folder("cd here && mv trial-000 t && mv trial-001 trial-000 && mv t trial-001 && cd .. && ").code ==
      0);
  const Output alien = in_folder(
      "rm -r here/trial-000 && atelier run x.yaml env=Acrobot-v1 optim.lr=1e-3 --quiet --out here/trial-000 "
      "&& ");
  CHECK(alien.code == 2);
  CHECK(alien.text.find("env is Acrobot-v1, not CartPole-v1") != std::string::npos);
  const Output edited = in_folder("rm -r here/trial-000 && sed -i s/400/300/ x.yaml && ");
  CHECK(edited.code == 2);
  CHECK(edited.text.find("here: holds another sweep; its experiment.yaml was not as") != std::string::npos);
}
