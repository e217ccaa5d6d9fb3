// Behaviour cloning: the same clone from the same episodes in every format, what it is chosen by, and what it
// refuses.
#include "agents/offline/bc.h"

#include "agents/all.h"
#include "agents/offline/recordings.h"
#include "core/formats/d4rl.h"
#include "core/formats/minari.h"
#include "core/hdf5.h"
#include "envs/dataset_layout.h"
#include "tests/catch.h"
#include "tests/refusal.h"
#include "tests/scratch.h"
#include "tests/trial.h"
#include "training/loop/checkpoint.h"

using namespace agents;

namespace {

envs::Options environment(const std::string& id) {
  envs::Options env;
  env.id = id;
  env.max_episode_steps = 60;
  env.factory = envs::all().at(id, "").factory();
  return env;
}

// Episodes of the hand-written policy in each format, below a folder of their own.
void write_all(const Scratch& scratch, const envs::Options& env, int64_t count) {
  const envs::Spec spec = env.make(1)->spec();
  core::EpisodeFormat format = envs::episode_rows(spec);
  format.env_id = env.id;
  auto log = core::EpisodeLog::create(scratch / "episodes.h5", format);
  core::formats::MinariWriter minari(scratch / "minari-v0", format,
                                     envs::layout_of(spec.observation, spec.action));
  core::formats::D4rlWriter d4rl(scratch / "d4rl.hdf5", format);
  const Recordings played = heuristic_play(env, count);
  for (int64_t k = 0; k < count; ++k) {
    core::Episode episode = played.read(k);
    minari.add(episode);
    d4rl.add(episode);
    log.append(episode);
  }
  log.flush();
  d4rl.finish();
  minari.finish({.dataset_id = "minari-v0"});
}

std::string bc(const std::string& id, const std::string& own, const std::string& rest) {
  return "{agent: bc, env: {id: " + id +
         ", max_episode_steps: 60}, net: {hidden: [32]}, optim: {lr: 0.01}, " + "bc: {" + own + "}, " + rest +
         "}";
}

training::Session clone(const std::string& yaml) { return trial::session(yaml, agents::all()); }

}  // namespace

TEST_CASE("episodes come back the same from an Atelier's, a Minari and a D4RL file", "[agents][bc]") {
  for (const std::string id : {"CartPole-v1", "Pendulum-v1"}) {
    const Scratch scratch;
    const envs::Options env = environment(id);
    write_all(scratch, env, 3);
    const envs::Spec spec = env.make(1)->spec();
    const Recordings played = heuristic_play(env, 3);
    for (const std::string name : {"episodes.h5", "minari-v0", "d4rl.hdf5", "."}) {
      const Recordings read = recordings(scratch / name, spec);
      INFO(id << ", " << name);
      REQUIRE(read.count == 3);
      for (int64_t k = 0; k < 3; ++k) {
        const core::Episode there = read.read(k), here = played.read(k);
        CHECK(there.header.length == here.header.length);
        CHECK((there.observations == here.observations));
        CHECK((there.actions == here.actions));
      }
    }
  }
}

TEST_CASE("a clone is the same whatever the format of its episodes, and does what it was shown",
          "[agents][bc][learning]") {
  for (const std::string id : {"CartPole-v1", "Pendulum-v1"}) {
    const Scratch scratch;
    write_all(scratch, environment(id), 12);
    std::vector<std::map<std::string, double>> grades;
    for (const std::string name : {"episodes.h5", "minari-v0", "d4rl.hdf5"}) {
      auto run = clone(bc(id, "batch_size: 32, file: " + (scratch / name).string(), "train: {steps: 600}"));
      const auto before = trial::grades(run);
      trial::learn(run);
      grades.push_back(trial::grades(run));
      INFO(id << ", " << name);
      CHECK(grades.back().at("valid/loss") < before.at("valid/loss") - 0.3);
    }
    CHECK(grades[0] == grades[1]);
    CHECK(grades[0] == grades[2]);
    if (id == "CartPole-v1") {
      CHECK(grades[0].at("valid/accuracy") > 0.85);
      CHECK(grades[0].at("eval/return_greedy") > 58);  // of 60
    }
  }
}

TEST_CASE("episodes are chosen by their return and from the end of the file", "[agents][bc]") {
  const Scratch scratch;
  const envs::Options env = environment("Pendulum-v1");
  write_all(scratch, env, 10);
  const auto chosen = [&](const DemonstrationOptions& options) {
    return demonstrations("bc.file", options, env, 1);
  };
  const std::string file = scratch / "episodes.h5";
  const Demonstrations all = chosen({.file = file, .validation = 0.3});
  CHECK(all.episodes == 10);
  CHECK(all.valid.size() == 3 * 60);
  CHECK(all.train.size() == 7 * 60);
  const training::Dataset train = table_of(all.train);
  CHECK(train.inputs().sizes() == torch::IntArrayRef({420, 3}));
  CHECK(train.targets().sizes() == torch::IntArrayRef({420, 1}));
  CHECK(chosen({.file = file, .episodes = 4}).episodes == 4);
  const Demonstrations good = chosen({.file = file, .min_return = all.mean_return});
  CHECK(good.episodes < 10);
  CHECK(good.mean_return > all.mean_return);
  CHECK(refusal([&] { chosen({.file = file, .min_return = 1}); }) ==
        "bc.file: expected two episodes or more, to learn from and to choose by, found 0 of 10 with a return "
        "of 1 or more");
  // No step of an episode is on both sides.
  const torch::Tensor twice = (all.valid.inputs().unsqueeze(1) == train.inputs().unsqueeze(0)).all(2).any();
  CHECK_FALSE(twice.item<bool>());
}

TEST_CASE("a clone of a few episodes at a time learns as much, and goes on bit for bit",
          "[agents][bc][learning]") {
  const Scratch scratch;
  write_all(scratch, environment("CartPole-v1"), 12);
  const std::string yaml =
      bc("CartPole-v1", "batch_size: 32, window: 3, file: " + (scratch / "episodes.h5").string(),
         "train: {steps: 600}");
  auto whole = clone(yaml), broken = clone(yaml), resumed = clone(yaml);
  const training::Logger silent{[](const std::string&, double) {}, {}};
  for (int k = 0; k < 257; ++k) broken.step(silent);
  training::save_checkpoint(broken, "config", scratch / "last.h5");
  training::load_checkpoint(resumed, scratch / "last.h5");
  trial::learn(whole);
  trial::learn(resumed);
  CHECK(trial::grades(whole).at("eval/return_greedy") > 58);  // of 60
  CHECK(trial::grades(whole) == trial::grades(resumed));
  const auto a = whole.registry.tensors(), b = resumed.registry.tensors();
  REQUIRE(!a.empty());
  for (size_t i = 0; i < a.size(); ++i) CHECK(torch::equal(a[i].second, b[i].second));
}

TEST_CASE("a clone's weights are used without its file", "[agents][bc]") {
  const Scratch scratch;
  write_all(scratch, environment("CartPole-v1"), 4);
  auto run = clone(bc("CartPole-v1", "file: " + (scratch / "d4rl.hdf5").string(), "train: {steps: 3}"));
  REQUIRE(run.registry.notes.size() == 1);
  CHECK(run.registry.notes[0] == "4 episodes to learn from and to choose by, 240 steps, mean return 60");
  std::filesystem::remove(scratch / "d4rl.hdf5");
  core::Value root = core::parse_yaml(training::resolved(run.experiment), "again.yaml");
  auto experiment = training::read_experiment(root, {agents::all(), agents::all()}, "again");
  training::Session used(std::move(experiment), agents::all().at("bc"), training::Purpose::inference);
  CHECK(trial::grades(used).contains("eval/return_greedy"));
  CHECK_FALSE(trial::grades(used).contains("valid/loss"));
}

TEST_CASE("what cannot be cloned is refused", "[agents][bc][bad_input]") {
  const Scratch scratch;
  write_all(scratch, environment("CartPole-v1"), 3);
  const auto says = [&](const std::string& id, const std::string& name) {
    return refusal([&] { clone(bc(id, "file: " + (scratch / name).string(), "train: {steps: 3}")); });
  };
  CHECK(says("CartPole-v1", "absent.h5") == (scratch / "absent.h5").string() + ": no such file or folder");
  CHECK(says("Pendulum-v1", "episodes.h5") ==
        (scratch / "episodes.h5").string() + ": holds observations float32 [4], Pendulum-v1 has float32 [3]");
  CHECK_FALSE(says("Pendulum-v1", "minari-v0").empty());
  CHECK_FALSE(says("Pendulum-v1", "d4rl.hdf5").empty());
  write_bytes(scratch / "text.h5", "no data set");
  CHECK_FALSE(says("CartPole-v1", "text.h5").empty());
  {
    core::h5::File file = core::h5::File::open(scratch / "d4rl.hdf5", true);
    auto actions = file.read<int64_t>("/actions");
    actions[5] = 2;
    H5Ldelete(file.id(), "/actions", H5P_DEFAULT);
    file.write<int64_t>("/actions", actions, {actions.size()});
  }
  CHECK(says("CartPole-v1", "d4rl.hdf5").starts_with("bc.file: holds action 2, CartPole-v1 has Discrete(2"));
  CHECK(refusal([] {
          clone("{agent: bc, env: {id: Pendulum-v1, wrappers: [normalize_observation]}, train: {steps: 3}}");
        }).starts_with("env.wrappers: bc learns without the environment"));
  CHECK(refusal([] {
          clone("{agent: bc, env: Blackjack-v1, train: {steps: 3}}");
        }).starts_with("Blackjack-v1 has no heuristic policy"));
}
