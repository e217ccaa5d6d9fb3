#include "supervised/sequence/text_classifier.h"

#include <fmt/format.h>

#include "core/error.h"
#include "core/memory.h"
#include "supervised/sequence/language_model.h"
#include "training/data/words.h"
#include "training/nets/init.h"

namespace supervised {

using torch::Tensor;

void TextNetOptions::fields(core::Fields& f) {
  f.choice("layer", layer,
           "What stands upon the words: a layer for each by itself, or one that remembers those before",
           {"mlp", "rnn", "gru", "lstm"});
  f.choice("pool", pool, "What becomes of a number of that layer over the text: the largest, or the mean",
           {"max", "mean"});
  f.add("embedding", embedding, "Numbers that stand for a word", {.min = 1, .max = 65536});
  f.add("width", width, "Numbers that the layer makes of each word", {.min = 1, .max = 65536});
  f.add("dropout", dropout, "Share of what is pooled that is dropped while learning",
        {.min = 0, .max = 0.99});
}

void TextClassifier::ModelOptions::fields(core::Fields& f) {
  f.add("label_smoothing", label_smoothing, "Share of each label spread evenly over all classes",
        {.min = 0, .max = 1});
}

void TextClassifier::Options::fields(core::Fields& f) {
  f.section("text_classifier", text_classifier, "How it learns");
  f.section("net", net, "Words, the layer upon them, and how a text becomes one row of numbers");
  f.tagged("data", data.tagged(), "Texts with a class each (reviews, texts)");
}

TextNetImpl::TextNetImpl(int64_t words, int64_t classes, const TextNetOptions& options) : options_(options) {
  const int64_t E = options.embedding, D = options.width;
  training::require_weights("words", double(words) * double(E));
  words_ = register_module("words", torch::nn::Embedding(words, E));
  if (options.layer == "mlp")
    word_by_word_ = register_module("word_by_word", torch::nn::Linear(E, D));
  else
    recurrent_ = register_module(
        "recurrent", training::Recurrent(E, training::RecurrentOptions{.cell = options.layer, .width = D}));
  output_ = register_module("output", torch::nn::Linear(D, classes));
}

Tensor TextNetImpl::layer(const Tensor& embedded) {
  if (word_by_word_) return word_by_word_->forward(embedded).relu();
  training::RecurrentState nothing;
  return recurrent_->forward(embedded, nothing);
}

Tensor TextNetImpl::pooled(const Tensor& states, const Tensor& there) const {
  const Tensor left_out = there.logical_not().unsqueeze(2);  // [B, T, 1]
  if (options_.pool == "max") return std::get<0>(states.masked_fill(left_out, -INFINITY).max(1));
  return states.masked_fill(left_out, 0).sum(1) / there.sum(1, true);
}

Tensor TextNetImpl::features(const Tensor& texts) {
  const Tensor there = texts != training::data::no_word;
  const Tensor all = pooled(layer(words_->forward(texts)), there);
  return options_.dropout > 0 ? torch::dropout(all, options_.dropout, is_training()) : all;
}

void TextClassifier::build(training::Build& build) {
  const TaskOptions task{.label_smoothing = options_.text_classifier.label_smoothing};
  const Tensor& rows = task_.load(build, options_.data, task, RowKind::words);
  const auto& words = task_.words();
  core::check(!task_.of_numbers(), "data: '{}' has numbers to foretell; a classifier of texts needs classes",
              options_.data.name);
  const double of_a_word = double(options_.net.embedding) + 12 * double(options_.net.width);
  core::require_memory(
      sizeof(float) * double(options_.data.batch_size) * double(rows.size(1)) * of_a_word,
      fmt::format("net: {} words of each of {} texts", rows.size(1), options_.data.batch_size));
  device_ = build.device();
  net_ = TextNet(std::ssize(words), task_.outputs(), options_.net);
  register_symbols(build, words, rows.size(1));
  task_.learns(build, *net_, [this](const Tensor& texts) { return answered(net_, texts); });
}

// What it says of a text that is wished.
void TextClassifier::judge(core::Gallery& gallery, const std::string& text) {
  const torch::NoGradGuard no_grad;
  const auto words = training::data::words_in(text);
  const auto longest = std::max<int64_t>(1, std::ssize(words));
  const Tensor row = training::data::word_numbers({words}, task_.words(), longest).to(device_);
  const Tensor p = net_->output(net_->features(row)).softmax(1)[0].cpu();
  std::string lines;
  for (size_t k = 0; k < task_.classes().size(); ++k)
    lines += fmt::format("{}: {:.1f} %\n", task_.classes()[k], 100 * p[int64_t(k)].item<double>());
  gallery.text("text", "How likely each class of the text is", lines);
}

void TextClassifier::sample(core::Gallery& gallery) {
  const auto& prompt = gallery.request.prompt.heed();
  if (prompt) return judge(gallery, *prompt);
  task_.sample(gallery);
}

}  // namespace supervised
