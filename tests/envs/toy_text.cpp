// Toy text beyond the recordings: generated lakes, rain and whims in the taxi, the rules of Blackjack.
#include "envs/toy_text/blackjack.h"
#include "envs/toy_text/frozenlake.h"
#include "envs/toy_text/taxi.h"
#include "tests/catch.h"
#include "tests/envs/batch.h"
#include "tests/refusal.h"

namespace {

std::vector<int64_t> nexts(const envs::Transitions& table, int64_t state, int64_t action) {
  std::vector<int64_t> all;
  for (const auto& outcome : table.of(state, action)) all.push_back(outcome.next);
  return all;
}

}  // namespace
