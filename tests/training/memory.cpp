// What no memory could hold is refused in a sentence, whatever asks for it, before any of it is taken.
#include "core/memory.h"

#include <algorithm>
#include <array>

#include "agents/all.h"
#include "generative/all.h"
#include "supervised/all.h"
#include "tests/catch.h"
#include "tests/refusal.h"
#include "tests/scratch.h"
#include "tests/trial.h"

using Catch::Matchers::ContainsSubstring;

namespace {

std::string refused(const std::string& yaml, const core::Table<training::Entry>& table) {
  return refusal([&] { trial::session(yaml, table); });
}

// A file that says it is large, of which the disk has but the beginning.
std::string sparse(const Scratch& scratch, const std::string& name, const std::string& begin, uint64_t size) {
  std::ofstream(scratch / name) << begin;
  std::filesystem::resize_file(scratch / name, size);
  return scratch / name;
}

}  // namespace

TEST_CASE("What no memory could hold is refused in a sentence, whatever asks for it", "[training]") {
  const std::string agent = "env: CartPole-v1\ntrain: {steps: 2}\nagent: ",
                    dqn = "env: CartPole-v1\ntrain: {env_steps: 5000}\nagent: dqn\n",
                    model = "train: {steps: 2}\nmodel: ";
  struct Row {
    const core::Table<training::Entry>& table;
    std::string yaml, words;
  };
  const auto &agents = agents::all(), &generative = generative::all(), &supervised = supervised::all();
  const std::vector<Row> rows{
      {agents, agent + "ppo\nppo: {num_envs: 65536, num_steps: 1000000}\n", "a rollout of 1000000 steps"},
      {agents, agent + "a2c\na2c: {num_envs: 65536, num_steps: 1000000}\n", "a rollout of 1000000 steps"},
      {agents, agent + "ppo\nnet: {hidden: [100000000, 100000000]}\n", "net.hidden: 2e+08 hidden units"},
      {agents, dqn + "net: {hidden: [100000000, 100000000]}\n", "net.hidden: 2e+08 hidden units for a batch"},
      {agents, agent + "ppo\nnet: {hidden: [100000000]}\n",
       "net.hidden: 1e+08 hidden units for all transitions"},
      {agents, agent + "reinforce\nnet: {hidden: [100000000]}\n",
       "net.hidden: 1e+08 hidden units for all steps"},
      {agents, dqn + "net: {hidden: [100000000]}\n", "net.hidden: 1e+08 hidden units for a batch"},
      {agents, agent + "openai_es\nnet: {hidden: [100000000]}\n", "population: "},
      {supervised, model + "mlp\ndata: xor\nnet: {hidden: [100000000]}\n",
       "net.hidden: 1e+08 hidden units for a batch"},
      {agents, dqn + "dqn: {buffer_size: 1e12}\n", "dqn.buffer_size"},
      {agents, agent + "reinforce\nnet: {hidden: [100000000, 100000000]}\n",
       "net.hidden: 2e+08 hidden units"},
      {generative, model + "vae\ndata: stripes\nvae: {latent: 1e11}\n", "net: "},
      {generative, model + "gan\ndata: ring\ngan: {latent: 1e11}\n", "net: "},
      {generative, model + "flow\ndata: moons\nnet: {hidden: [100000000, 100000000]}\n", "net: "},
      {supervised, model + "mlp\ndata: xor\nnet: {hidden: [100000000, 100000000]}\n",
       "net.hidden: 2e+08 hidden units"},
      {supervised, model + "cnn\ndata: stripes\nnet: {channels: [1000000, 1000000]}\n", "net: "},
      {supervised, model + "lstm\ndata: copy\nnet: {width: 65536, layers: 100}\n", "net: "},
      {supervised, model + "gpt\ndata: copy\nnet: {width: 65536, layers: 1000}\n", "net: "},
      {supervised, model + "gpt\ndata: {name: copy, train_size: 1e9, length: 1000}\n", "data: 1e+09 rows"},
      {supervised, model + "mlp\ndata: {name: xor, train_size: 1e11}\n", "data: 1e+11 rows"},
      {supervised, model + "mlp\ndata: {name: stripes, train_size: 1e11}\n", "data: 1e+11 rows"},
      {generative, model + "flow\ndata: {name: donut, test_size: 1e12}\n", "data: 2e+12 rows"}};
  for (const auto& [table, yaml, words] : rows) {
    const std::string said = refused(yaml, table);
    INFO(yaml << "\n" << said);
    CHECK_THAT(said, ContainsSubstring(words) && ContainsSubstring(" of memory, and "));
    CHECK(std::count(said.begin(), said.end(), '\n') == 0);
  }
}

TEST_CASE("Nets whose parts fit one by one and not together are refused", "[training]") {
  const double spare = static_cast<double>(core::available_memory().value());
  const auto width = static_cast<int64_t>(spare / 120);  // a unit's outputs take 72 bytes, its weights 96
  const std::string said =
      refused(fmt::format("agent: dqn\nenv: CartPole-v1\ntrain: {{env_steps: 5000}}\ndqn: {{batch_size: 8}}\n"
                          "net: {{hidden: [{}]}}\n",
                          width),
              agents::all());
  CHECK_THAT(said, ContainsSubstring("net: q with ") && ContainsSubstring(", with all else ") &&
                       ContainsSubstring(" of memory, and "));
}

TEST_CASE("Data files that no memory could hold are refused", "[training]") {
  const Scratch scratch;
  constexpr uint64_t size = uint64_t{1} << 42;
  const std::string pictures = sparse(
      scratch, "pictures.idx", std::string("\0\0\x08\x03\0\x40\0\0\0\0\x04\0\0\0\x04\0", 16), 16 + size);
  CHECK_THAT(refused("model: vae\ntrain: {steps: 2}\ndata: {name: idx, train_inputs: " + pictures +
                         ", test_inputs: " + pictures + "}\n",
                     generative::all()),
             ContainsSubstring("pictures.idx: [4194304, 1024, 1024] values") &&
                 ContainsSubstring(" of memory, and "));
  const std::string table = sparse(scratch, "table.csv", "a,b\n1,2\n", size);
  CHECK_THAT(
      refused("model: flow\ntrain: {steps: 2}\ndata: {name: csv, path: " + table + "}\n", generative::all()),
      ContainsSubstring("table.csv: its text and its cells") && ContainsSubstring(" of memory, and "));
}
