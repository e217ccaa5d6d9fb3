// Parts of another run's weights: what is taken, what learns no more, what is refused.
#include "training/loop/transfer.h"

#include "agents/all.h"
#include "generative/all.h"
#include "supervised/all.h"
#include "tests/catch.h"
#include "tests/refusal.h"
#include "tests/scratch.h"
#include "tests/trial.h"
#include "training/loop/checkpoint.h"

using namespace training;

namespace tests::transfer {

static Session cnn(const std::vector<std::string>& overrides = {}) {
  std::vector<std::string> all{"train.steps=6", "data.train_size=100", "data.test_size=50"};
  all.insert(all.end(), overrides.begin(), overrides.end());
  return trial::session(supervised::all().at("cnn").trial, supervised::all(), all);
}

static std::map<std::string, torch::Tensor> tensors(const Session& session) {
  std::map<std::string, torch::Tensor> all;
  for (const auto& [name, tensor] : session.registry.tensors()) all[name] = tensor.detach().clone();
  return all;
}

// best.h5 of a run that has learned a little.
static std::string trained(Session session, const Scratch& folder) {
  trial::learn(session);
  save_weights(session, resolved(session.experiment), folder / "best.h5");
  return folder / "best.h5";
}

static bool begins_with(const std::string& name, const std::string& part) { return name.rfind(part, 0) == 0; }

TEST_CASE("parts are taken, frozen, and the rest learns", "[training][transfer]") {
  const Scratch folder;
  Session first = cnn({"seed=1"});
  const std::string file = trained(cnn({"seed=1"}), folder);
  trial::learn(first);
  const auto source = tensors(first);
  Session second = cnn({"train.init_from={run: x, modules: [net/conv_1, net/norm_1], freeze: true}"});
  const auto fresh = tensors(second);
  const std::vector<std::string> lines = training::transfer(second, file);
  REQUIRE(lines.size() == 3);
  CHECK(lines[0].find("frozen: net/conv_1, net/norm_1") != std::string::npos);
  CHECK(lines[1] == "  begin fresh: net/conv_2, net/norm_2, net/fc.hidden_1, net/fc.output");
  const auto frozen = [](const std::string& name) {
    return begins_with(name, "net/conv_1") || begins_with(name, "net/norm_1");
  };
  for (const auto& [name, tensor] : tensors(second)) {
    INFO(name);
    CHECK(torch::equal(tensor, (frozen(name) ? source : fresh).at(name)));
  }
  for (const auto& [slot, tensor] : second.updater.groups().at("net").optimizer.state())
    CHECK(slot.find("_1/net/conv_1") == std::string::npos);
  const auto begun = tensors(second);
  trial::learn(second);
  trial::grades(second);
  for (const auto& [name, tensor] : second.registry.tensors()) {
    INFO(name);
    CHECK(torch::equal(tensor, begun.at(name)) == frozen(name));
    if (frozen(name)) CHECK((!tensor.requires_grad() && !tensor.grad().defined()));
  }
}

TEST_CASE("frozen parts stay in eval mode, and a resume goes on bit for bit", "[training][transfer]") {
  const Scratch folder;
  const std::string file = trained(cnn({"seed=1"}), folder);
  const std::vector<std::string> how{
      "train.init_from={run: x, modules: [net], skip: [net/fc.output], freeze: true}", "optim.ema_decay=0.9",
      "net.dropout=0.5"};
  Session whole = cnn(how), broken = cnn(how), resumed = cnn(how);
  for (Session* session : {&whole, &broken}) training::transfer(*session, file);
  const Logger silent{[](const std::string&, double) {}, {}};
  for (int i = 0; i < 3; ++i) broken.step(silent);
  save_checkpoint(broken, resolved(broken.experiment), folder / "last.h5");
  load_checkpoint(resumed, folder / "last.h5");
  trial::learn(whole);
  trial::learn(resumed);
  const auto expected = tensors(whole);
  for (const auto& [name, tensor] : resumed.registry.tensors()) {
    INFO(name);
    CHECK(torch::equal(tensor, expected.at(name)));
  }
  for (const auto& part : resumed.registry.modules[0].module->named_modules("", true))
    CHECK(part.value()->is_training() == (part.key() == "fc.output"));
}

TEST_CASE("a part goes by another name, from an encoder without labels to a classifier",
          "[training][transfer]") {
  const Scratch folder;
  const std::string net = "net={channels: [4, 8], batch_norm: true, hidden: [16]}";
  Session vae = trial::session(generative::all().at("vae").trial, generative::all(), {"train.steps=2", net});
  trial::learn(vae);
  save_weights(vae, resolved(vae.experiment), folder / "best.h5");
  Session classifier = cnn({"train.init_from={run: x, modules: [encoder -> net], skip: [net/fc.output]}"});
  const auto lines = training::transfer(classifier, folder / "best.h5");
  REQUIRE(lines.size() == 3);
  CHECK(lines[2].find("left in the file: decoder/") != std::string::npos);
  const auto source = tensors(vae);
  for (const auto& [name, tensor] : classifier.registry.tensors())
    if (!begins_with(name, "net/fc.output"))
      CHECK(torch::equal(tensor, source.at("encoder" + name.substr(3))));
}

TEST_CASE("an agent's frozen layer stays, native nets and memory alike", "[training][transfer]") {
  const Scratch folder;
  for (const std::string part :
       {"policy/net.hidden_1", "policy/net.encoder", "policy/net.memory", "policy"}) {
    INFO(part);
    const bool deep = part.find("encoder") != std::string::npos || part.find("memory") != std::string::npos;
    const auto agent = [&](const std::vector<std::string>& overrides) {
      std::vector<std::string> all{"train.steps=3", deep ? "net.memory=gru" : "net.memory=none",
                                   "ppo.minibatch_size=64", "net.size=8"};
      all.insert(all.end(), overrides.begin(), overrides.end());
      return trial::session(agents::all().at("ppo").trial, agents::all(), all);
    };
    if (part.find("encoder") != std::string::npos) {  // a vector's has no weights
      CHECK(refusal([&] {
              agent({"train.init_from={run: x, modules: [" + part + "], freeze: true}"});
            }).find("nothing of what is taken is moved by an optimiser") != std::string::npos);
      continue;
    }
    const std::string file = trained(agent({"seed=1"}), folder);
    Session second = agent({"train.init_from={run: x, modules: [" + part + "], freeze: true}"});
    training::transfer(second, file);
    const auto begun = tensors(second);
    trial::learn(second);
    for (const auto& [name, tensor] : second.registry.tensors()) {
      INFO(name);
      CHECK(torch::equal(tensor, begun.at(name)) == begins_with(name, part));
      if (begins_with(name, part)) CHECK(!tensor.grad().defined());
    }
  }
}

TEST_CASE("what does not fit is told, with names and shapes", "[training][transfer]") {
  const Scratch folder;
  const std::string file = trained(cnn(), folder);
  const auto says = [&](const std::string& init_from, const std::vector<std::string>& more = {}) {
    std::vector<std::string> all{"train.init_from=" + init_from};
    all.insert(all.end(), more.begin(), more.end());
    return refusal([&] {
      Session session = cnn(all);
      training::transfer(session, file);
    });
  };
  const auto holds = [](const std::string& text, const std::string& words) {
    INFO(text);
    CHECK(text.find(words) != std::string::npos);
  };
  holds(says("{run: x, modules: [net/conv1]}"), "no part 'net/conv1', did you mean 'net/conv_1'?");
  holds(says("{run: x, modules: [net/conv_1]}", {"net.channels=[5, 8]"}),
        "net/conv_1.weight: here float32 [5, 1, 3, 3], there float32 [4, 1, 3, 3]");
  holds(says("{run: x, modules: [net/conv_1]}", {"net.channels=[5, 8]"}), "skip: [net/conv_1]");
  holds(says("{run: x, modules: [net]}", {"net.channels=[4, 8, 8]"}),
        "net/conv_3.weight: the file has no 'net/conv_3.weight', did you mean 'net/conv_1.weight'?");
  holds(says("{run: x, modules: [encoder -> net]}"), "the file has no 'encoder/conv_1.weight'");
  holds(says("{run: x, freeze: true}"), "leaves the update 'net' nothing to learn");
  holds(says("{run: x, modules: ['net -> ']}"),
        "modules: 'net -> ' has an empty side; expected `theirs -> ours`");
  holds(says("{run: x, modules: [' -> net']}"), "has an empty side");
  holds(says("{modules: [net]}"), "train.init_from: lacks its 'run'");
  CHECK(says("x").empty());
  CHECK(cnn({"train.init_from=''"}).experiment.train.init_from.run.empty());
  CHECK(refusal([] {
          trial::session(agents::all().at("q_learning").trial, agents::all(),
                         {"train.init_from={run: x, freeze: true}"});
        }).find("nothing of what is taken is moved by an optimiser") != std::string::npos);
}

}  // namespace tests::transfer
