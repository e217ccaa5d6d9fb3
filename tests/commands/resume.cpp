// The resume contract, over every learner in the tables: stopped by SIGKILL after a checkpoint and resumed, a
// run ends as if it had never stopped.
#include <csignal>
#include <nlohmann/json.hpp>
#include <set>
#include <thread>

#include "core/hdf5.h"
#include "tests/catch.h"
#include "tests/commands/process.h"
#include "tests/places.h"

using namespace tests;

struct Trial {
  std::string name, yaml;
  std::vector<std::string> overrides;  // key.sub=value
};

// What a first course does to a perceptron, together.
static const std::vector<std::string> tricks{
    "optim.algorithm=muon",     "optim.momentum=0.9",  "optim.schedule=plateau",
    "optim.plateau_patience=1", "optim.swa_start=0.3", "optim.l1=1e-5",
    "net.norm=batch",           "net.dropout=0.1",     "mlp.mixup=0.2",
    "mlp.label_smoothing=0.1",  "log.layers=3"};

// Power iteration, clipped weights and classes of a GAN, together.
static const std::vector<std::string> told_classes{"gan.loss=wgan_clip", "gan.spectral_norm=true",
                                                   "gan.condition=class", "gan.gradient_penalty=0"};

// Whose updates differ: several a step, on several ways, with gradients of their own.
static const std::set<std::string> looked_at{"gan", "dqn", "ppo", "sac", "gpt"};

// Of each learner, and once more where our own autograd has its net, or a first course its tricks, and of a
// GAN what its trial leaves out.
static std::vector<Trial> trials() {
  std::ifstream in(tests::programs() + "/tables.json");
  const auto tables = nlohmann::json::parse(in);
  std::vector<Trial> all;
  for (const char* kind : {"agents", "models"})
    for (const auto& entry : tables.at(kind)) {
      all.push_back({entry.at("name"), entry.at("trial"), {}});
      if (looked_at.contains(all.back().name))
        all.push_back({all.back().name + ", looked at", entry.at("trial"), {"log.layers=3"}});
      if (entry.at("name") == "gan") all.push_back({"gan, told classes", entry.at("trial"), told_classes});
      if (entry.at("name") == "mlp") all.push_back({"mlp", entry.at("trial"), tricks});
      const std::string backend = entry.at("name").get<std::string>() + ".backend";
      for (const auto& option : entry.at("options"))
        if (option.at("name") == backend) all.push_back({backend, entry.at("trial"), {backend + "=scratch"}});
    }
  return all;
}

static pid_t start(const std::vector<std::string>& words) {
  const pid_t child = fork();
  if (child != 0) return child;
  std::vector<char*> argv;
  std::vector<std::string> copy = words;
  for (auto& word : copy) argv.push_back(word.data());
  argv.push_back(nullptr);
  setenv("ATELIER_HOME", tests::repository().c_str(), 1);
  execv((tests::programs() + "/atelier").c_str(), argv.data());
  _exit(127);
}

static int64_t checkpointed_step(const std::string& folder) {
  try {
    return static_cast<int64_t>(core::h5::File::open(folder + "/last.h5").number("/counters", "step"));
  } catch (const std::exception&) {
    return -1;  // not there yet
  }
}

// Kills the run once a checkpoint of step `n` is on the disk. False when the run was faster than that.
static bool killed_after(int64_t n, const std::vector<std::string>& words, const std::string& folder) {
  const pid_t child = start(words);
  while (checkpointed_step(folder) < n) {
    if (waitpid(child, nullptr, WNOHANG) == child) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  kill(child, SIGKILL);
  int status = 0;
  waitpid(child, &status, 0);
  return WIFSIGNALED(status);
}

// A run of 2 n steps that is saved at the n-th; its folder follows.
static std::vector<std::string> command_for(const Trial& trial, const std::string& file, int64_t n) {
  std::vector<std::string> words{"atelier",
                                 "run",
                                 file,
                                 "train.steps=" + std::to_string(2 * n),
                                 "checkpoint.every={steps: " + std::to_string(n) + "}",
                                 "eval.every={steps: " + std::to_string(n / 2) + "}",
                                 "--quiet",
                                 "--force"};
  words.insert(words.end(), trial.overrides.begin(), trial.overrides.end());
  words.push_back("--out");
  return words;
}

static void succeeds(const std::string& line) {
  const Output output = shell(line);
  INFO(line << "\n" << output.text);
  CHECK(output.code == 0);
}

// Whether the run could be killed behind a checkpoint and ahead of its end; then it ended as one that was
// not.
static bool resumes(const Trial& trial, const std::string& file, int64_t n, const Scratch& scratch) {
  const std::string whole = scratch / "whole", broken = scratch / "broken";
  std::vector<std::string> words = command_for(trial, file, n);
  std::string unbroken;
  for (const std::string& word : words) unbroken += "'" + word + "' ";
  words.push_back(broken);
  if (!killed_after(n, words, broken) || checkpointed_step(broken) >= 2 * n) return false;
  succeeds(unbroken + whole);
  succeeds("atelier run --quiet --resume " + broken);
  succeeds("atelier diff " + whole + " " + broken);
  return true;
}

TEST_CASE("every learner resumes after SIGKILL bit for bit", "[commands][resume]") {
  REQUIRE(!trials().empty());
  for (const Trial& trial : trials()) {
    INFO(trial.name);
    const Scratch scratch;
    const std::string file = scratch.write("trial.yaml", trial.yaml + "\n");
    bool killed = false;
    for (int64_t n = 10; n <= 10240 && !killed; n *= 4) killed = resumes(trial, file, n, scratch);
    CHECK(killed);
  }
}

TEST_CASE("diff sees one changed bit of a parameter", "[commands][resume]") {
  const Scratch scratch;
  const std::string file = scratch.write("trial.yaml", trials()[0].yaml + "\n"), a = scratch / "a",
                    b = scratch / "b";
  REQUIRE(shell("atelier run " + file + " --quiet --out " + a).code == 0);
  REQUIRE(shell("cp -r " + a + " " + b + "; atelier diff " + a + " " + b).code == 0);
  {
    core::h5::File last = core::h5::File::open(b + "/last.h5", true);
    std::string path = "/parameters";
    for (auto names = last.children(path); !names.empty(); names = last.children(path)) {
      path += "/" + names[0];
      const core::h5::Handle object(H5Oopen(last.id(), path.c_str(), H5P_DEFAULT), H5Oclose);
      if (H5Iget_type(object) == H5I_DATASET) break;
    }
    const auto shape = last.info(path).shape;
    auto values = last.read<float>(path, shape);
    values[0] = std::nextafter(values[0], 1e9f);
    H5Ldelete(last.id(), path.c_str(), H5P_DEFAULT);
    last.write<float>(path, values, shape);
  }
  const Output difference = shell("atelier diff " + a + " " + b);
  CHECK(difference.code == 1);
  CHECK(difference.text.find("differs") != std::string::npos);
}
