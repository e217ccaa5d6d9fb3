// Graves (2013), section 2, without skip connections.
#include "supervised/sequence/lstm.h"

#include <memory>

#include "training/data/recall.h"
#include "training/nets/init.h"

namespace supervised {

using torch::Tensor;

void Lstm::ModelOptions::fields(core::Fields& f) {
  f.add("embedding", embedding, "Numbers that stand for a symbol", {.min = 1, .max = 65536});
  backend.fields(f);
}

void Lstm::Options::fields(core::Fields& f) {
  f.section("lstm", lstm, "How symbols enter, and who computes");
  f.section("net", net, "The recurrent layers");
  f.tagged("data", data.tagged(), "Sequences of symbols");
}

void Lstm::build(training::Build& build) {
  data_ = sequences(build, options_.data);
  const auto symbols = static_cast<int64_t>(data_.train.classes.size());
  device_ = build.device();
  training::require_weights("symbols",
                            double(symbols) * double(options_.lstm.embedding + options_.net.width));
  symbols_ = torch::nn::Embedding(symbols, options_.lstm.embedding);
  recurrent_ = training::Recurrent(options_.lstm.embedding, options_.net);
  output_ = torch::nn::Linear(options_.net.width, symbols);
  prepare_backend(build);
  register_vocabulary(build, data_);
  source_ = training::data::register_source(build, data_, options_.data);
  build.module("symbols", *symbols_);
  build.module("recurrent", *recurrent_);
  build.module("output", *output_);
  build.optimizer("net", {symbols_.get(), recurrent_.get(), output_.get()},
                  {{"nll", "nats", "-ln p of a symbol that counts, mean over the batch"}});
  register_language_metrics(build, data_);
  baselines_ = register_baselines(build, data_);
}

void Lstm::prepare_backend(const training::Build& build) {
  const BackendOptions& backend = options_.lstm.backend;
  const Modules modules{
      {"symbols.", symbols_.get()}, {"recurrent.", recurrent_.get()}, {"output.", output_.get()}};
  for (const auto& [name, module] : modules) take_precision(*module, backend);
  own_ = own_rnn(build, backend, modules, {options_.net.cell, options_.net.layers, options_.net.dropout});
}

Tensor Lstm::embed(const Tensor& tokens) { return symbols_->forward(tokens); }

Tensor Lstm::logits(const Tensor& embedded, training::RecurrentState& state) {
  return output_->forward(recurrent_->forward(embedded, state));
}

Tensor Lstm::forward(const Tensor& tokens) {
  if (own_) return own_->answer(tokens).logits;
  training::RecurrentState nothing;
  return logits(embed(tokens), nothing);
}

void Lstm::step(training::Step& step) {
  const auto batch = step.next(*source_);
  if (own_) {
    const double loss = own_->learn(batch.inputs(), batch.targets(), 0).loss;
    step.apply_gradients("net", {{"nll", loss}});
    return baselines_.log(step, loss);
  }
  const Tensor nll = symbol_loss(forward(batch.inputs()), batch.targets());
  baselines_.log(step, step.update("net", {{"nll", nll}}).loss);
}

void Lstm::evaluate(training::Eval& eval) {
  const auto predict = [this](const Tensor& inputs) { return forward(inputs).log_softmax(2); };
  evaluate_language(eval, predict, data_, device_);
}

Decode Lstm::decoder() {
  const auto state = std::make_shared<training::RecurrentState>();
  return [this, state](const std::vector<int64_t>& fresh) {
    const Tensor tokens = torch::tensor(fresh, device_).unsqueeze(0);
    return logits(embed(tokens), *state)[0][-1];
  };
}

void Lstm::sample(core::Gallery& gallery) {
  generate_text(gallery, decoder(), data_.train.classes);
  if (data_.valid.size() == 0) return;
  const training::Batch row = training::slice(data_.valid, 0, 1, device_);
  const auto read = [this](const Tensor& embedded) {
    training::RecurrentState nothing;
    return logits(embedded, nothing);
  };
  show_causality(gallery, read, embed(row.inputs().slice(1, 0, 64)), row.targets().slice(1, 0, 64));
}

}  // namespace supervised
