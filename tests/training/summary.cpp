// What describe --summary tells of nets, against sizes worked out by hand.
#include "training/loop/summary.h"

#include "agents/all.h"
#include "generative/all.h"
#include "supervised/all.h"
#include "tests/catch.h"
#include "tests/scratch.h"
#include "tests/trial.h"

using training::LayerSummary;
using training::NetSummary;

namespace {

using Shape = std::vector<int64_t>;

NetSummary summary_of(const std::string& yaml, const core::Table<training::Entry>& table,
                      const std::vector<std::string>& overrides = {}) {
  auto session = trial::session(yaml, table, overrides);
  return training::summarise(session);
}

// Every parameter is some layer's, and every learned weight one that was seen or is told.
void check_whole(const NetSummary& summary, training::Session& session) {
  int64_t parameters = 0;
  for (const auto& entry : session.registry.modules)
    for (const auto& parameter : entry.module->parameters()) parameters += parameter.numel();
  CHECK(summary.parameters == parameters);
}

// Grey pictures of 28 x 28 pixels in ten classes, as MNIST's files hold them.
std::string digits(const Scratch& scratch) {
  const auto idx = [](std::string shape, std::string values) {
    return std::string("\0\0\x08", 3) + std::move(shape) + std::move(values);
  };
  std::string labels, pixels;
  for (int k = 0; k < 200; ++k) labels += char(k % 10);
  for (int k = 0; k < 200 * 784; ++k) pixels += char(k * k % 251);
  write_bytes(scratch / "rows", idx(std::string("\x03\0\0\0\xc8\0\0\0\x1c\0\0\0\x1c", 13), pixels));
  write_bytes(scratch / "labels", idx(std::string("\x01\0\0\0\xc8", 5), labels));
  const std::string rows = (scratch / "rows").string(), named = (scratch / "labels").string();
  return "data: {name: idx, batch_size: 16, train_inputs: " + rows + ", train_labels: " + named +
         ", test_inputs: " + rows + ", test_labels: " + named + "}\ntrain: {steps: 1}\n";
}

const LayerSummary& layer(const NetSummary& summary, const std::string& name, const std::string& operation) {
  for (const LayerSummary& l : summary.layers)
    if (l.name == name && l.operation == operation) return l;
  FAIL(name << " by " << operation << " is not there");
  throw;
}

}  // namespace

// The course's net for MNIST: 16, 32 and 64 channels, 3 x 3, three poolings, 576 numbers to ten classes.
TEST_CASE("A convolutional net of a course has the sizes that its sheet says", "[training][summary]") {
  const Scratch scratch;
  const NetSummary net = summary_of(
      "model: cnn\nnet: {channels: [16, 32, 64], kernel: 3, pool: 2, batch_norm: false, hidden: []}\n" +
          digits(scratch),
      supervised::all());
  struct Row {
    std::string name, operation;
    Shape shape;
    int64_t parameters;
    double flops;
  };
  const std::vector<Row> sheet{{"net/conv_1", "conv2d", {16, 28, 28}, 160, 2 * 9. * 16 * 784},
                               {"net/conv_1", "max_pool2d", {16, 14, 14}, 0, 0},
                               {"net/conv_2", "conv2d", {32, 14, 14}, 4640, 2 * 9. * 16 * 32 * 196},
                               {"net/conv_2", "max_pool2d", {32, 7, 7}, 0, 0},
                               {"net/conv_3", "conv2d", {64, 7, 7}, 18496, 2 * 9. * 32 * 64 * 49},
                               {"net/conv_3", "max_pool2d", {64, 3, 3}, 0, 0},
                               {"net/fc.output", "linear", {10}, 5770, 2 * 576. * 10}};
  REQUIRE(net.layers.size() == sheet.size());
  double outputs = 0;
  for (size_t i = 0; i < sheet.size(); ++i) {
    const LayerSummary& l = net.layers[i];
    INFO(l.name << " " << l.operation);
    CHECK(l.name == sheet[i].name);
    CHECK(l.operation == sheet[i].operation);
    CHECK(l.shape == sheet[i].shape);
    CHECK(l.parameters == sheet[i].parameters);
    CHECK(l.flops == sheet[i].flops);
    CHECK(l.outputs == 16 * 4 * double(c10::multiply_integers(l.shape)));
    outputs += l.outputs;
  }
  CHECK(net.rows == 16);
  CHECK(net.parameters == 29066);
  CHECK(net.learned == 29066);
  CHECK(net.outputs == outputs);
  CHECK(net.weights == 4 * 29066);
  CHECK(net.gradient == 4 * 29066);
  CHECK(net.state == 8 * 29066);  // Adam's two moments
  CHECK(net.average == 0);
}

// The course's perceptron for MNIST, by stochastic gradient descent, which remembers nothing.
TEST_CASE("A perceptron of a course has 669,706 parameters", "[training][summary]") {
  const Scratch scratch;
  const std::string yaml =
      "model: mlp\nnet: {hidden: [512, 512]}\noptim: {algorithm: sgd}\n" + digits(scratch);
  const NetSummary net = summary_of(yaml, supervised::all());
  REQUIRE(net.layers.size() == 3);
  CHECK(net.layers[0].parameters == 784 * 512 + 512);
  CHECK(net.layers[0].flops == 2. * 784 * 512);
  CHECK(net.parameters == 669706);
  CHECK(net.flops == 2. * (784 * 512 + 512 * 512 + 512 * 10));
  CHECK(net.outputs == 16 * 4 * (512 + 512 + 10));
  CHECK(net.state == 0);
  const std::vector<std::string> more{"net.norm=batch", "optim.momentum=0.9", "optim.ema_decay=0.9"};
  const NetSummary normed = summary_of(yaml, supervised::all(), more);
  CHECK(normed.parameters == 669706 + 2 * 2 * 512);
  CHECK(layer(normed, "net/norm_1", "batch_norm").shape == Shape{512});
  CHECK(normed.weights == 4 * (669706 + 2 * 4 * 512) + 2 * 8);  // means, variances, and how many batches
  CHECK(normed.state == 4. * double(normed.learned));
  CHECK(normed.average == 4. * double(normed.learned + 2 * 2 * 512));
  CHECK(normed.flops == net.flops);
}

TEST_CASE("Sequence models are told per row of all their symbols", "[training][summary]") {
  const int64_t T = 24;
  const std::string data = "data: {name: text, batch_size: 8, block: 24}\ntrain: {steps: 1}\n";
  const Scratch scratch;
  std::string words;
  for (int i = 0; i < 2000; ++i) words += "abcdefgh"[i % 8];
  write_bytes(scratch / "words.txt", words);
  const std::vector<std::string> file{"data.file=" + (scratch / "words.txt").string()};
  const NetSummary gpt =
      summary_of("model: gpt\nnet: {layers: 2, heads: 2, width: 16}\n" + data, supervised::all(), file);
  const int64_t V = layer(gpt, "net/symbols", "linear").shape.back();
  CHECK(layer(gpt, "net/symbols", "embedding").shape == Shape{T, 16});
  CHECK(layer(gpt, "net/symbols", "embedding").parameters == V * 16);
  CHECK(layer(gpt, "net/symbols", "linear").parameters == 0);  // the same weights
  CHECK(layer(gpt, "net/symbols", "linear").flops == 2. * double(T * 16 * V));
  CHECK(layer(gpt, "net/block_1.attention.qkv", "linear").flops == 2. * double(T * 16 * 48));
  CHECK(layer(gpt, "net/block_1.attention.qkv", "attention").flops == 4. * double(T * T * 16));
  CHECK(layer(gpt, "net/block_2.up", "linear").shape == Shape{T, 64});
  const double of_a_block = 2. * T * 16 * (48 + 16 + 64 + 64) + 4. * T * T * 16;
  CHECK(gpt.flops == 2 * of_a_block + 2. * double(T * 16 * V));

  const NetSummary lstm =
      summary_of("model: lstm\nlstm: {embedding: 6}\nnet: {cell: lstm, layers: 2, width: 10}\n" + data,
                 supervised::all(), file);
  CHECK(layer(lstm, "recurrent/layer_1", "lstm").parameters == 4 * 10 * (6 + 10 + 1));
  CHECK(layer(lstm, "recurrent/layer_1", "lstm").flops == 2. * T * 4 * 10 * (6 + 10));
  CHECK(layer(lstm, "recurrent/layer_2", "lstm").flops == 2. * T * 4 * 10 * (10 + 10));
  CHECK(layer(lstm, "recurrent/layer_2", "lstm").shape == Shape{T, 10});
  CHECK(layer(lstm, "output", "linear").parameters == V * 11);
}

// 4-20-2, the course's policy for CartPole, in kernels of our own, which LibTorch does not see.
TEST_CASE("An agent's native nets are told by their weights", "[training][summary]") {
  auto session = trial::session(
      "agent: reinforce\nenv: CartPole-v1\nnet: {hidden: [20], activation: relu}\ntrain: {steps: 1}\n",
      agents::all());
  const NetSummary net = training::summarise(session);
  check_whole(net, session);
  CHECK(session.counters.step == 0);  // nothing had to be learned for it
  const LayerSummary& hidden = layer(net, "policy/hidden_1", "linear");
  CHECK(hidden.parameters == 100);
  CHECK(hidden.flops == 160);
  CHECK(hidden.shape == Shape{20});
  CHECK(layer(net, "policy/output", "linear").parameters == 42);
}

TEST_CASE("An agent's convolutions are told from its first steps", "[training][summary]") {
  auto session = trial::session(
      "agent: dqn\nenv: MiniGrid-Empty-5x5-v0\nnet: {hidden: [16]}\ntrain: {steps: 2000}\n", agents::all());
  const NetSummary net = training::summarise(session);
  check_whole(net, session);
  CHECK(layer(net, "q/encoder.image_1", "conv2d").shape == Shape{16, 5, 5});  // of a view of 7 x 7
  CHECK(layer(net, "q/encoder.image_2", "conv2d").shape == Shape{32, 3, 3});
  for (const LayerSummary& l : net.layers) CHECK(l.learned == l.name.starts_with("q/"));
}

TEST_CASE("Every model's layers are seen, and no parameter is left out", "[training][summary]") {
  const auto check = [](const core::Table<training::Entry>& models) {
    for (const training::Entry& entry : models) {
      auto session = trial::session(entry.trial, models);
      const NetSummary net = training::summarise(session);
      INFO(entry.name);
      check_whole(net, session);
      if (!entry.updates.empty()) CHECK(net.learned == net.parameters);  // of a generator and its critic, too
      for (const LayerSummary& l : net.layers) {
        INFO(l.name);
        const bool is_product = l.parameters > 0 && l.name.find("bias") == std::string::npos;
        if (is_product && l.operation == "linear") CHECK(l.flops > 0);
      }
    }
  };
  check(supervised::all());
  check(generative::all());
}
