// Vaswani et al. (2017), Attention is all you need, section 3.
#include "supervised/sequence/transformer.h"

#include <memory>

#include "core/memory.h"

namespace supervised {

using torch::Tensor;

void Transformer::Options::fields(core::Fields& f) {
  f.section("net", net, "Blocks that read the question, and as many that write the answer");
  f.tagged("data", data.tagged(), "Questions and answers in a sequence of symbols");
}

// What a batch leaves behind for its way back in the blocks that read and that write: a symbol's norms,
// queries, keys, values, hidden layer and sums, and the attention itself, to the question, to the answer and
// back.
static void require_batch_memory(const training::TransformerOptions& net, double batch, double length) {
  const double of_a_symbol = 40 * double(net.width) + 6 * double(net.heads) * length;
  core::require_memory(
      sizeof(float) * batch * length * double(net.layers) * of_a_symbol,
      fmt::format("net: a batch of {} x {} symbols in 2 x {} layers", batch, length, net.layers));
}

static Answerer attentive_answerer(EncoderDecoderTransformer net) {
  const auto expect = [net](const QuestionsAndAnswers& rows) mutable {
    return net->decode(net->encode(rows.asked, rows.there), rows.read);
  };
  const auto ask = [net](const QuestionsAndAnswers& rows) mutable -> ReadOn {
    const auto cache = std::make_shared<training::TransformerCache>();
    return [net, encoded = net->encode(rows.asked, rows.there), cache](const Tensor& symbols) mutable {
      return net->decode(encoded, symbols, cache.get());
    };
  };
  return {expect, ask};
}

void Transformer::build(training::Build& build) {
  task_.load(build, options_.data);
  if (build.purpose() == training::Purpose::training && build.device().is_cpu())
    require_batch_memory(options_.net, double(options_.data.batch_size), double(task_.row_length()));
  net_ = EncoderDecoderTransformer(task_.symbols(), task_.row_length(), options_.net);
  for (const Tensor& embedding : net_->embeddings()) build.embedding(embedding);
  task_.learns(build, *net_, attentive_answerer(net_), /*zeros=*/false);
}

}  // namespace supervised
