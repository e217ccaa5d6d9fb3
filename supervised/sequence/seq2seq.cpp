// Bahdanau, Cho & Bengio (2015); Luong, Pham & Manning (2015), global attention without input feeding.
#include "supervised/sequence/seq2seq.h"

#include <memory>

#include "core/memory.h"

namespace supervised {

using torch::Tensor;

void Seq2seq::Options::fields(core::Fields& f) {
  f.section("seq2seq", seq2seq, "How symbols enter, and how the decoder looks back");
  f.section("net", net, "The recurrent layers of the encoder, in each direction, and of the decoder");
  f.tagged("data", data.tagged(), "Questions and answers in a sequence of symbols");
}

static Answerer recurrent_answerer(EncoderDecoder net) {
  const auto expect = [net](const QuestionsAndAnswers& rows) mutable {
    const auto encoded = net->encode(rows.asked, rows.there);
    training::RecurrentState state = encoded.state;
    return net->decode(encoded, state, rows.read);
  };
  const auto ask = [net](const QuestionsAndAnswers& rows) mutable -> ReadOn {
    const auto encoded = net->encode(rows.asked, rows.there);
    return [net, encoded, state = encoded.state](const Tensor& symbols) mutable {
      return net->decode(encoded, state, symbols);
    };
  };
  return {expect, ask};
}

void Seq2seq::build(training::Build& build) {
  task_.load(build, options_.data);
  core::require_memory(8 * double(options_.data.batch_size) * double(task_.longest_answer()) *
                           double(task_.row_length()) * double(options_.net.width),
                       "net: the attention of a batch");
  net_ = EncoderDecoder(task_.symbols(), options_.seq2seq, options_.net);
  task_.learns(build, *net_, recurrent_answerer(net_), options_.seq2seq.attention != "none");
}

}  // namespace supervised
