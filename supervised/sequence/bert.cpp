// Devlin et al. (2019), in the small; norms come before attention, as in the transformers beside it.
#include "supervised/sequence/bert.h"

#include <algorithm>
#include <cmath>

#include "core/error.h"
#include "training/compat.h"
#include "training/data/recall.h"
#include "training/data/sequences.h"
#include "training/nets/init.h"

namespace supervised {

using torch::Tensor;

static constexpr double embedding_deviation = 0.02;  // of first weights
static constexpr int64_t rows_graded_at_once = 250;
static constexpr char gap_in_a_text = '_';

void MaskOptions::fields(core::Fields& f) {
  f.add("hidden", hidden, "Share of the symbols that are to be guessed", {.min = 0.001, .max = 1});
  f.add("masked", masked, "Share of these that the mask stands for", {.min = 0, .max = 1});
  f.add("replaced", replaced, "Share of these that any symbol stands for; the others stay to be seen",
        {.min = 0, .max = 1});
}

void EncoderOptions::fields(core::Fields& f) {
  f.add("layers", layers, "Blocks of attention and a hidden layer", {.min = 1, .max = 1000});
  f.add("heads", heads, "Attention heads side by side; they divide the width", {.min = 1, .max = 1024});
  f.add("width", width, "Numbers that stand for a symbol between the blocks", {.min = 1, .max = 65536});
  f.add("dropout", dropout, "Share of activations dropped while learning", {.min = 0, .max = 0.99});
}

void Bert::Options::fields(core::Fields& f) {
  f.section("bert", bert, "Which symbols are hidden");
  f.section("net", net, "The transformer");
  f.tagged("data", data.tagged(), "Sequences of symbols");
}

SymbolEncoderImpl::SymbolEncoderImpl(int64_t symbols, int64_t longest, const EncoderOptions& o)
    : symbols_(symbols) {
  core::check(o.width % o.heads == 0, "net.heads: {} heads do not divide a width of {}", o.heads, o.width);
  const double width = double(o.width);
  training::require_weights("the transformer",
                            width * (double(symbols + 1 + longest) + 12 * width * double(o.layers)));
  weights_ = register_parameter("symbols", embedding_deviation * torch::randn({symbols + 1, o.width}));
  positions_ = register_parameter("positions", embedding_deviation * torch::randn({longest, o.width}));
  for (int64_t i = 1; i <= o.layers; ++i)
    blocks_.push_back(
        register_module("block_" + std::to_string(i),
                        training::EncoderBlock(training::VisionTransformerOptions{
                            .layers = o.layers, .heads = o.heads, .width = o.width, .dropout = o.dropout})));
  norm_ = register_parameter("norm", torch::ones({o.width}));
}

Tensor SymbolEncoderImpl::embed(const Tensor& tokens) {
  return torch::embedding(weights_, tokens) + positions_.narrow(0, 0, tokens.size(1));
}

Tensor SymbolEncoderImpl::logits(const Tensor& embedded) {
  Tensor x = embedded;
  for (training::EncoderBlock& block : blocks_) x = block->forward(x);
  const Tensor normed = torch::layer_norm(x, norm_.sizes(), norm_, {}, 1e-5);
  return torch::linear(normed, weights_.narrow(0, 0, symbols_));
}

Tensor SymbolEncoderImpl::forward(const Tensor& tokens) { return logits(embed(tokens)); }

// Where a symbol is the target of the one before, and that target counts.
static Tensor countable(const Tensor& targets) {
  const Tensor first = torch::zeros({targets.size(0), 1}, targets.options().dtype(torch::kBool));
  return torch::cat({first, targets.slice(1, 0, -1) != training::data::ignored}, 1);
}

Hidden hide(const Tensor& inputs, const Tensor& targets, const MaskOptions& options, int64_t symbols,
            torch::Generator generator) {
  const auto uniform = [&] { return torch::rand(inputs.sizes(), generator).to(inputs.device()); };
  const Tensor counted = countable(targets);
  Tensor hidden = counted.logical_and(uniform() < options.hidden);
  if (!hidden.any().item<bool>())  // the first that counts
    hidden = counted.logical_and(counted.flatten().cumsum(0).view_as(counted) == 1);
  const Tensor fate = uniform(), any = torch::randint(symbols, inputs.sizes(), generator, torch::kInt64);
  const Tensor masked = hidden.logical_and(fate < options.masked);
  const Tensor replaced =
      hidden.logical_and(fate >= options.masked).logical_and(fate < options.masked + options.replaced);
  const Tensor read = torch::where(replaced, any.to(inputs.device()), inputs).masked_fill(masked, symbols);
  return {read, inputs.masked_fill(hidden.logical_not(), training::data::ignored)};
}

void Bert::build(training::Build& build) {
  core::check(options_.bert.masked + options_.bert.replaced <= 1 + 1e-9,
              "bert.masked, bert.replaced: expected shares of at most 1 together, found {} and {}",
              options_.bert.masked, options_.bert.replaced);
  data_ = sequences(build, options_.data);
  core::check(!data_.beyond, "data.beyond: a transformer reads no more than the {} symbols of its rows",
              data_.train.inputs().size(1));
  device_ = build.device();
  hiding_ = build.stream("hidden");
  net_ = SymbolEncoder(std::ssize(data_.train.classes), data_.train.inputs().size(1), options_.net);
  register_vocabulary(build, data_);
  source_ = training::data::register_source(build, data_, options_.data);
  build.module("net", *net_);
  for (const Tensor& embedding : net_->embeddings()) build.embedding(embedding);
  build.optimizer("net", {net_.get()}, {{"nll", "nats", "-ln p of a hidden symbol, mean over the batch"}});
  using training::Direction;
  build.split_metric({"loss", "nats", "-ln p of a masked symbol, mean", Direction::minimize});
  build.split_metric({"perplexity", "", "e to the loss: among how many symbols each is as good as guessed",
                      Direction::minimize});
  build.split_metric(
      {"accuracy", "", "Share of masked symbols which were the most likely one", Direction::maximize});
  build.score("valid/loss");
  baselines_ = register_baselines(build, data_);
}

void Bert::step(training::Step& step) {
  const auto batch = step.next(*source_);
  const Hidden rows = hide(batch.inputs(), batch.targets(), options_.bert, net_->mask(), hiding_);
  baselines_.log(step,
                 step.update("net", {{"nll", symbol_loss(net_->forward(rows.read), rows.wanted)}}).loss);
}

// All that is hidden is masked, the same symbols whatever the weights.
void Bert::evaluate(training::Eval& eval) {
  const MaskOptions all_masked{.hidden = options_.bert.hidden, .masked = 1, .replaced = 0};
  const training::Dataset held = data_.part(eval.request().split, eval.request().rows);
  const torch::Generator generator = training::make_generator(0);
  double nll = 0, right = 0, count = 0;
  for (int64_t first = 0; first < held.size(); first += rows_graded_at_once) {
    const training::Batch batch = training::slice(held, first, rows_graded_at_once, device_);
    const Hidden rows = hide(batch.inputs(), batch.targets(), all_masked, net_->mask(), generator);
    const Tensor logits = net_->forward(rows.read), wanted = rows.wanted != training::data::ignored;
    const auto masked = wanted.sum().item<double>();
    nll += symbol_loss(logits, rows.wanted).item<double>() * masked;
    right += (logits.argmax(2) == rows.wanted).sum().item<double>();
    count += masked;
  }
  eval.log_split("loss", nll / count);
  eval.log_split("perplexity", std::exp(nll / count));
  eval.log_split("accuracy", right / count);
}

// The symbols of a text, the mask where it has a gap.
static std::vector<int64_t> with_gaps(const std::string& text, const std::vector<std::string>& known,
                                      int64_t mask) {
  std::vector<int64_t> symbols;
  for (size_t first = 0; first <= text.size();) {
    const size_t gap = std::min(text.find(gap_in_a_text, first), text.size());
    if (first > 0) symbols.push_back(mask);
    const std::string part = text.substr(first, gap - first);
    const std::vector<int64_t> read = symbols_of(part, known);
    symbols.insert(symbols.end(), read.begin(), read.end());
    first = gap + 1;
  }
  return symbols;
}

// The text that is wished, its gaps masked; else validation rows with a share of gaps.
Tensor Bert::asked(const core::Gallery& gallery) const {
  const auto& prompt = gallery.request.prompt.heed();
  if (prompt) {
    const std::vector<int64_t> symbols = with_gaps(*prompt, data_.train.classes, net_->mask());
    core::check(!symbols.empty(), "prompt: expected a text to fill, found none");
    core::check(std::ssize(symbols) <= data_.train.inputs().size(1),
                "prompt: {} symbols, and this model reads {} at most", symbols.size(),
                data_.train.inputs().size(1));
    return torch::tensor(symbols, device_).unsqueeze(0);
  }
  if (data_.valid.size() == 0) return torch::full({1, 1}, net_->mask(), torch::kInt64).to(device_);
  const training::Batch rows = training::slice(data_.valid, 0, std::min<int64_t>(gallery.n, 8), device_);
  return hide(rows.inputs(), rows.targets(), {.hidden = options_.bert.hidden, .masked = 1, .replaced = 0},
              net_->mask(), training::make_generator(0))
      .read;
}

static std::string spelled(const Tensor& row, const std::vector<std::string>& symbols) {
  const Tensor numbers = row.cpu().contiguous();
  std::string text;
  for (int64_t t = 0; t < numbers.numel(); ++t) {
    const auto symbol = size_t(numbers.data_ptr<int64_t>()[t]);
    text += symbol == symbols.size() ? std::string(1, gap_in_a_text) : symbols[symbol];
  }
  return text;
}

void Bert::sample(core::Gallery& gallery) {
  const torch::NoGradGuard no_grad;
  const Tensor read = asked(gallery);
  const Tensor guessed = torch::where(read == net_->mask(), net_->forward(read).argmax(2), read);
  std::string text;
  for (int64_t b = 0; b < read.size(0); ++b)
    for (const Tensor& row : {read[b], guessed[b]})
      text += as_text(spelled(row, data_.train.classes), data_.train.classes) + "\n";
  gallery.text("text", "Rows with gaps, _, and below each the symbols that the model puts there", text);
}

}  // namespace supervised
