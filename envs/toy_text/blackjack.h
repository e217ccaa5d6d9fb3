// Blackjack: draw cards to come nearer to 21 than the dealer, but not beyond. Sutton & Barto (2018), example
// 5.1, an endless deck; options and draws as in Gymnasium's blackjack.py.
#pragma once

#include <array>
#include <string>

#include "core/options.h"
#include "core/random.h"
#include "envs/envs.h"

namespace envs {

struct BlackjackParams {
  bool natural = false, sab = true;

  void fields(core::Fields& f) {
    f.add("natural", natural, "Whether a win with an ace and a ten pays 1.5 (only without sab)");
    f.add("sab", sab, "Sutton and Barto's rule: an ace and a ten win, unless the dealer has them too");
  }
};

// Cards 1 (ace) .. 10, in the order in which they came. No hand has more than 22: 21 aces and one beyond.
struct Hand {
  std::array<uint8_t, 22> cards{};
  uint8_t size = 0;

  bool is_sound() const;
  void add(uint8_t card) { cards[size++] = card; }
  bool usable_ace() const;  // one that counts 11
  int sum() const;          // with the usable ace as 11
  bool bust() const { return sum() > 21; }
  int score() const { return bust() ? 0 : sum(); }
  bool natural() const { return size == 2 && sum() == 21; }
};

class Blackjack {
 public:
  using Params = BlackjackParams;
  using Action = int64_t;  // 0 stick, 1 hit
  using Item = int32_t;    // the player's sum, the dealer's open card, usable ace
  static constexpr int64_t parallel_from = 32 * 1024;

  explicit Blackjack(const Params& params) : p_(params) {}

  Spec spec() const {
    return {.observation = Space::multi_discrete({32, 11, 2}, Dtype::int32),
            .action = Space::discrete(2),
            .fps = 1};
  }
  void reset(core::Pcg64& random);
  Outcome step(const int64_t* action, core::Pcg64& random);
  void observe(int32_t* row) const {
    row[0] = player_.sum();
    row[1] = dealer_.cards[0];
    row[2] = player_.usable_ace();
  }
  void draw(core::Canvas& canvas) const;
  void state(core::Archive& archive, const std::string& name);

 private:
  float settle() const;

  Params p_;
  Hand player_, dealer_;
  uint8_t suit_ = 0, face_ = 0;  // of the dealer's open card, drawn as Gymnasium does
  uint8_t over_ = 0;             // 1 when the dealer's cards lie open
};

}  // namespace envs
