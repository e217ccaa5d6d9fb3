// States of an alignment are the labels with a blank before, between and behind them: 2 U + 1 of them, of
// which each frame is in one; it stays, or goes to the next one, or past a blank between labels that are not
// equal.
#include "supervised/sequence/ctc_alignments.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

namespace supervised {

namespace {

constexpr double never = -std::numeric_limits<double>::infinity();

// ln(e^a + e^b).
double log_sum(double a, double b) {
  const double high = std::max(a, b);
  return high == never ? never : high + std::log1p(std::exp(std::min(a, b) - high));
}

Labels with_blanks(const Labels& labels) {
  Labels states{blank};
  for (const int64_t label : labels) states.insert(states.end(), {label, blank});
  return states;
}

// Whether state s may be entered from s - 2.
bool may_skip(const Labels& states, int64_t s) {
  return s >= 2 && states[size_t(s)] != blank && states[size_t(s)] != states[size_t(s - 2)];
}

// [T, S]: ln p of all that the first t + 1 frames may have been, frame t in state s.
std::vector<double> forward_sums(const Frames& frames, const Labels& states) {
  const int64_t S = std::ssize(states);
  std::vector<double> sums(size_t(frames.T * S), never);
  for (int64_t s = 0; s < std::min<int64_t>(2, S); ++s) sums[size_t(s)] = frames.at(0, states[size_t(s)]);
  for (int64_t t = 1; t < frames.T; ++t) {
    const double* before = sums.data() + (t - 1) * S;
    for (int64_t s = 0; s < S; ++s) {
      double sum = before[s];
      if (s >= 1) sum = log_sum(sum, before[s - 1]);
      if (may_skip(states, s)) sum = log_sum(sum, before[s - 2]);
      sums[size_t(t * S + s)] = sum + frames.at(t, states[size_t(s)]);
    }
  }
  return sums;
}

// [T, S]: ln p of all that the frames behind t may be, given that frame t is in state s.
std::vector<double> backward_sums(const Frames& frames, const Labels& states) {
  const int64_t S = std::ssize(states), T = frames.T;
  std::vector<double> sums(size_t(T * S), never);
  for (int64_t s = std::max<int64_t>(0, S - 2); s < S; ++s) sums[size_t((T - 1) * S + s)] = 0;
  for (int64_t t = T - 2; t >= 0; --t) {
    const auto then = [&](int64_t s) {
      return sums[size_t((t + 1) * S + s)] + frames.at(t + 1, states[size_t(s)]);
    };
    for (int64_t s = 0; s < S; ++s) {
      double sum = then(s);
      if (s + 1 < S) sum = log_sum(sum, then(s + 1));
      if (s + 2 < S && may_skip(states, s + 2)) sum = log_sum(sum, then(s + 2));
      sums[size_t(t * S + s)] = sum;
    }
  }
  return sums;
}

// A beginning of labels, in two parts: that its last frame was blank, and that it was the last label.
struct Beginning {
  double blank_last = never, label_last = never;
  double total() const { return log_sum(blank_last, label_last); }
};
using Beginnings = std::map<Labels, Beginning>;

void add(double& sum, double log_p) { sum = log_sum(sum, log_p); }

// What frame t makes of a beginning.
void go_on(const Frames& frames, int64_t t, const Labels& labels, const Beginning& before, Beginnings& next) {
  Beginning& same = next[labels];
  add(same.blank_last, before.total() + frames.at(t, blank));
  if (!labels.empty()) add(same.label_last, before.label_last + frames.at(t, labels.back()));
  Labels longer = labels;
  longer.push_back(blank);
  for (int64_t label = 1; label < frames.V; ++label) {
    longer.back() = label;
    const bool again = !labels.empty() && labels.back() == label;
    add(next[longer].label_last, (again ? before.blank_last : before.total()) + frames.at(t, label));
  }
}

Beginnings most_likely(const Beginnings& all, int64_t width) {
  std::vector<const Beginnings::value_type*> order;
  for (const auto& beginning : all) order.push_back(&beginning);
  const auto likelier = [](const auto* a, const auto* b) { return a->second.total() > b->second.total(); };
  std::stable_sort(order.begin(), order.end(), likelier);
  Beginnings kept;
  for (size_t k = 0; k < std::min(order.size(), size_t(width)); ++k) kept.insert(*order[k]);
  return kept;
}

}  // namespace

Labels collapsed(const std::vector<int64_t>& symbols) {
  Labels labels;
  int64_t last = blank;
  for (const int64_t symbol : symbols) {
    if (symbol != blank && symbol != last) labels.push_back(symbol);
    last = symbol;
  }
  return labels;
}

double log_likelihood(const Frames& frames, const Labels& labels, double* occupancy) {
  const Labels states = with_blanks(labels);
  const int64_t S = std::ssize(states), T = frames.T;
  const std::vector<double> forward = forward_sums(frames, states);
  const double last = forward[size_t(T * S - 1)];
  const double log_p = S > 1 ? log_sum(last, forward[size_t(T * S - 2)]) : last;
  if (!occupancy) return log_p;
  std::fill_n(occupancy, T * frames.V, 0.0);
  if (log_p == never) return log_p;
  const std::vector<double> backward = backward_sums(frames, states);
  for (int64_t t = 0; t < T; ++t)
    for (int64_t s = 0; s < S; ++s)
      occupancy[t * frames.V + states[size_t(s)]] +=
          std::exp(forward[size_t(t * S + s)] + backward[size_t(t * S + s)] - log_p);
  return log_p;
}

Labels best_path(const Frames& frames) {
  std::vector<int64_t> symbols;
  for (int64_t t = 0; t < frames.T; ++t) {
    const double* row = frames.log_p + t * frames.V;
    symbols.push_back(std::max_element(row, row + frames.V) - row);
  }
  return collapsed(symbols);
}

Labels beam_search(const Frames& frames, int64_t width) {
  Beginnings beam{{{}, {.blank_last = 0}}};
  for (int64_t t = 0; t < frames.T; ++t) {
    Beginnings next;
    for (const auto& [labels, before] : beam) go_on(frames, t, labels, before, next);
    beam = most_likely(next, width);
  }
  return most_likely(beam, 1).begin()->first;
}

}  // namespace supervised
