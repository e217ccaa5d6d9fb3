// Radford et al. (2019), in the small sizes and with the training of nanoGPT (Karpathy 2022).
#include "supervised/sequence/gpt.h"

#include <memory>

#include "core/error.h"
#include "core/memory.h"
#include "training/data/recall.h"
#include "training/loop/gallery.h"

namespace supervised {

using torch::Tensor;

void Gpt::Options::fields(core::Fields& f) {
  f.section("net", net, "The transformer");
  f.tagged("data", data.tagged(), "Sequences of symbols");
}

// What a batch leaves behind for its way back, in each block: of a symbol the two norms, query, key and
// value, what attention and the hidden layer make of it, and the sums; and the attention itself, twice.
static void require_batch(const training::TransformerOptions& net, double batch, double length) {
  const double width = double(net.width), of_a_symbol = 18 * width + 2 * double(net.heads) * length;
  core::require_memory(
      sizeof(float) * batch * length * double(net.layers) * of_a_symbol,
      fmt::format("net: a batch of {} x {} symbols in {} layers", batch, length, net.layers));
}

void Gpt::build(training::Build& build) {
  data_ = sequences(build, options_.data);
  core::check(!data_.beyond, "data.beyond: a transformer reads no more than the {} symbols of its rows",
              data_.train.inputs().size(1));
  const auto symbols = static_cast<int64_t>(data_.train.classes.size());
  device_ = build.device();
  const bool learns = build.purpose() == training::Purpose::training;
  if (learns && device_.is_cpu())
    require_batch(options_.net, double(options_.data.batch_size), double(data_.train.inputs().size(1)));
  net_ = training::Transformer("net", symbols, data_.train.inputs().size(1), options_.net);
  register_vocabulary(build, data_);
  source_ = training::data::register_source(build, data_, options_.data);
  build.module("net", *net_);
  for (const Tensor& embedding : net_->embeddings()) build.embedding(embedding);
  build.optimizer("net", {net_.get()},
                  {{"nll", "nats", "-ln p of a symbol that counts, mean over the batch"}});
  register_language_metrics(build, data_);
  baselines_ = register_baselines(build, data_);
}

void Gpt::step(training::Step& step) {
  const auto batch = step.next(*source_);
  const auto updated =
      step.update("net", {{"nll", symbol_loss(net_->forward(batch.inputs()), batch.targets())}});
  baselines_.log(step, updated.loss);
}

void Gpt::evaluate(training::Eval& eval) {
  const auto predict = [this](const Tensor& inputs) { return net_->forward(inputs).log_softmax(2); };
  evaluate_language(eval, predict, data_, device_);
}

Decode Gpt::decoder(bool cached) {
  struct Window {
    std::vector<int64_t> symbols;
    training::TransformerCache cache;
  };
  const auto window = std::make_shared<Window>();
  return [this, cached, window](const std::vector<int64_t>& fresh) {
    const int64_t longest = data_.train.inputs().size(1);
    auto& symbols = window->symbols;
    for (const int64_t symbol : fresh) {
      if (int64_t(symbols.size()) == longest) {
        symbols.erase(symbols.begin(), symbols.end() - longest / 2);
        window->cache = {};
      }
      symbols.push_back(symbol);
    }
    if (!cached) window->cache = {};
    const Tensor unread = torch::tensor(symbols, device_).slice(0, window->cache.length).unsqueeze(0);
    return net_->forward(unread, window->cache)[0][-1];
  };
}

void Gpt::sample(core::Gallery& gallery) {
  generate_text(gallery, decoder(), data_.train.classes);
  if (data_.valid.size() == 0) return;
  show_attention(gallery);
  const training::Batch row = training::slice(data_.valid, 0, 1, device_);
  show_causality(
      gallery, [this](const Tensor& x) { return net_->logits(x); }, net_->embed(row.inputs().slice(1, 0, 64)),
      row.targets().slice(1, 0, 64));
}

// A map for each head, a row of maps for each layer.
void Gpt::show_attention(core::Gallery& gallery) {
  const torch::NoGradGuard no_grad;
  const Tensor row = training::slice(data_.valid, 0, 1, device_).inputs();
  const auto layers = net_->attention(row.slice(1, 0, 64));              // [1, H, T, T] each
  const Tensor maps = torch::cat(layers, 1)[0];                          // [L H, T, T]
  const Tensor ink = maps / std::get<0>(maps.max(2, /*keepdim=*/true));  // else long rows would be pale
  training::add_images(
      gallery, "attention",
      "What each symbol of a validation row (downwards) looks at (across), head by head: black is "
      "the most that it looks at anything",
      (1 - ink).unsqueeze(1), layers[0].size(1));
}

}  // namespace supervised
