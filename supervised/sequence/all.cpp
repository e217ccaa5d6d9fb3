// Models of sequences of symbols. A row for each learner, in alphabetical order.
#include "supervised/families.h"
#include "supervised/sequence/bert.h"
#include "supervised/sequence/ctc.h"
#include "supervised/sequence/gpt.h"
#include "supervised/sequence/lstm.h"
#include "supervised/sequence/ngram.h"
#include "supervised/sequence/seq2seq.h"
#include "supervised/sequence/text_classifier.h"
#include "supervised/sequence/transformer.h"

namespace supervised {

static constexpr const char* bert_trial = R"(name: bert_trial
seed: 0
model: bert
bert: {hidden: 0.4}
data: {name: copy, letters: 4, length: 3, train_size: 2000, test_size: 200, batch_size: 50}
net: {layers: 2, heads: 2, width: 32}
optim: {algorithm: adamw, lr: 0.01, beta2: 0.99, weight_decay: 0.1, clip_norm: 1, schedule: cosine, warmup: 0.1}
train: {steps: 120}
)";

static constexpr const char* ctc_trial = R"(name: ctc_trial
seed: 0
model: ctc
ctc: {window: 128, hop: 64}
data: {name: tones, pitches: 3, most: 2, samples: 512, train_size: 1000, test_size: 100, batch_size: 25}
net: {cell: gru, width: 16}
optim: {lr: 0.02, clip_norm: 1, schedule: cosine}
train: {steps: 120}
)";

static constexpr const char* gpt_trial = R"(name: gpt_trial
seed: 0
model: gpt
data: {name: copy, letters: 4, length: 3, train_size: 2000, test_size: 200, batch_size: 50}
net: {layers: 2, heads: 2, width: 32}
optim: {algorithm: adamw, lr: 0.01, beta2: 0.99, weight_decay: 0.1, clip_norm: 1, schedule: cosine, warmup: 0.1}
train: {steps: 200}
)";

static constexpr const char* lstm_trial = R"(name: lstm_trial
seed: 0
model: lstm
data: {name: copy, letters: 4, length: 3, train_size: 2000, test_size: 200, batch_size: 50}
lstm: {embedding: 16}
net: {width: 48}
optim: {lr: 0.02, clip_norm: 1, schedule: cosine}
train: {steps: 200}
)";

static constexpr const char* ngram_trial = R"(name: ngram_trial
seed: 0
model: ngram
data: {name: anbn, copies: 400, batch_size: 10}
ngram: {order: 5}
train: {steps: 200}
)";

static constexpr const char* seq2seq_trial = R"(name: seq2seq_trial
seed: 0
model: seq2seq
data: {name: copy, letters: 4, length: 3, train_size: 2000, test_size: 200, batch_size: 50}
seq2seq: {embedding: 8}
net: {width: 24}
optim: {lr: 0.02, clip_norm: 1, schedule: cosine}
train: {steps: 100}
)";

static constexpr const char* text_classifier_trial = R"(name: text_classifier_trial
seed: 0
model: text_classifier
data: {name: reviews, train_size: 2000, test_size: 400, batch_size: 50}
net: {layer: lstm, embedding: 16, width: 24}
optim: {lr: 0.02, clip_norm: 1, schedule: cosine}
train: {steps: 150}
)";

static constexpr const char* transformer_trial = R"(name: transformer_trial
seed: 0
model: transformer
data: {name: copy, letters: 4, length: 3, train_size: 2000, test_size: 200, batch_size: 50}
net: {layers: 1, heads: 2, width: 32}
optim: {algorithm: adamw, lr: 0.01, beta2: 0.99, weight_decay: 0.1, clip_norm: 1, schedule: cosine, warmup: 0.1}
train: {steps: 200}
)";

std::vector<training::Entry> sequence() {
  return {
      {"bert",
       "Masked language model: a transformer that sees both sides guesses the symbols that are hidden from "
       "it",
       "Devlin et al. (2019), BERT: Pre-training of deep bidirectional transformers",
       {"net"},
       bert_trial,
       training::factory<Bert>},
      {"ctc",
       "Labels of waves, without their places: a recurrent net over frames and a sum over all alignments",
       "Graves et al. (2006), Connectionist temporal classification",
       {"net"},
       ctc_trial,
       training::factory<Ctc>},
      {"gpt",
       "Language model: a causal transformer on the symbols of a sequence, such as the characters of a "
       "text",
       "Radford et al. (2019), Language models are unsupervised multitask learners; Vaswani et al. "
       "(2017)",
       {"net"},
       gpt_trial,
       training::factory<Gpt>},
      {"lstm",
       "Language model: LSTM, GRU or plain recurrent layers on the symbols of a sequence",
       "Hochreiter & Schmidhuber (1997), Long short-term memory; Cho et al. (2014); Elman (1990)",
       {"net"},
       lstm_trial,
       training::factory<Lstm>},
      {"ngram",
       "Language model: n-grams, interpolated with shorter ones (Witten-Bell); the baseline of the "
       "others",
       "Witten & Bell (1991), The zero-frequency problem",
       {},
       ngram_trial,
       training::factory<Ngram>},
      {"seq2seq",
       "Answers to questions: a recurrent encoder and decoder with attention, by softmax or sparsemax",
       "Bahdanau et al. (2015), Neural machine translation by jointly learning to align and translate; Luong "
       "et "
       "al. (2015); Martins & Astudillo (2016)",
       {"net"},
       seq2seq_trial,
       training::factory<Seq2seq>},
      {"text_classifier",
       "Classifier of texts: words, a layer that sees each by itself or remembers those before, and a pool "
       "over the text",
       "Collobert et al. (2011), Natural language processing (almost) from scratch; Elman (1990)",
       {"net"},
       text_classifier_trial,
       training::factory<TextClassifier>},
      {"transformer",
       "Answers to questions: a transformer that reads the question and one that writes the answer",
       "Vaswani et al. (2017), Attention is all you need; norms before each part as in Xiong et al. (2020)",
       {"net"},
       transformer_trial,
       training::factory<Transformer>},
  };
}

}  // namespace supervised
