// Taxi: fetch a passenger from one of four stands and set them down at another. Dietterich (2000); map,
// rewards and draws as in Gymnasium's taxi.py, version 4.
#pragma once

#include <optional>

#include "core/options.h"
#include "envs/envs.h"
#include "envs/precision.h"
#include "envs/transitions.h"

namespace envs {

struct TaxiParams {
  bool is_rainy = false, fickle_passenger = false;
  double rainy_probability = 0.8, fickle_probability = 0.3;

  void fields(core::Fields& f) {
    f.add("is_rainy", is_rainy, "Whether a drive may go to either side of the one intended");
    f.add("rainy_probability", rainy_probability, "In rain: probability of the direction intended",
          {.min = 0, .max = 1});
    f.add("fickle_passenger", fickle_passenger,
          "Whether passengers may choose another destination after their first ride of one cell");
    f.add("fickle_probability", fickle_probability, "Probability that a fickle passenger does",
          {.min = 0, .max = 1});
  }
};

// What a state's number, ((row * 5 + column) * 5 + passenger) * 4 + destination, stands for.
struct TaxiScene {
  int64_t row, column;
  int64_t passenger;    // at stand 0 red, 1 green, 2 yellow, 3 blue; 4: in the taxi
  int64_t destination;  // stand

  static constexpr int64_t riding = 4;
  static TaxiScene of(int64_t state) { return {state / 100, state / 20 % 5, state / 4 % 5, state % 4}; }
  int64_t state() const { return ((row * 5 + column) * 5 + passenger) * 4 + destination; }
};

// Gymnasium's P, which knows nothing of fickle passengers. Actions 0 south, 1 north, 2 east, 3 west, 4 pick
// up, 5 set down.
Transitions taxi_transitions(const TaxiParams& params);
// The same where it is the whole truth.
std::optional<Transitions> taxi_table(const TaxiParams& params);
// Row [6]: 1 for each action that may change the state.
void taxi_mask(const TaxiScene& scene, uint8_t* row);
// `heading`: the last action that was a drive.
void draw_taxi(const TaxiScene& scene, int64_t heading, core::Canvas& canvas);

template <class Math>
class Taxi {
 public:
  using Random = typename Math::Random;
  using Params = TaxiParams;
  using Action = int32_t;
  struct State {
    int32_t number;
    int32_t fickle;   // 1 until a fickle passenger has changed their mind
    int32_t heading;  // for drawing
  };
  struct Obs {
    int32_t number;
  };

  explicit Taxi(const Params& params) : p_(params), sampler_(taxi_transitions(params)) {}

  Spec spec() const {
    return {.observation = Space::discrete(sampler_.states(), Dtype::int32),
            .action = Space::discrete(sampler_.actions()),
            .fps = 4,
            .action_mask = true};
  }

  State reset(Random& random) const {
    const int32_t number = sampler_.start(random);
    return {number, p_.fickle_passenger && double(random.random()) < p_.fickle_probability, 0};
  }

  Outcome step(State& s, Action action, Random& random) const {
    const int32_t before = s.number;
    const Outcome outcome = sampler_.step(s.number, action, random);
    s.heading = action < 4 ? action : s.heading;
    if (s.fickle) reconsider(TaxiScene::of(before), s, random);
    return outcome;
  }

  Obs observe(const State& s) const { return {s.number}; }
  bool is_sound(const State& s) const {
    return s.number >= 0 && s.number < sampler_.states() && s.heading >= 0 && s.heading < 4;
  }
  void action_mask(const State& s, uint8_t* row) const { taxi_mask(TaxiScene::of(s.number), row); }
  void draw(const State& s, core::Canvas& canvas) const {
    draw_taxi(TaxiScene::of(s.number), s.heading, canvas);
  }

 private:
  // Once driven by a cell, the passenger wants to go to one of the three other stands.
  void reconsider(const TaxiScene& before, State& s, Random& random) const {
    TaxiScene now = TaxiScene::of(s.number);
    const bool moved = now.row != before.row || now.column != before.column;
    if (before.passenger != TaxiScene::riding || !moved) return;
    const int64_t choice = one_of_three(random);
    now.destination = choice + (choice >= before.destination);
    s.number = int32_t(now.state());
    s.fickle = 0;
  }
  static int64_t one_of_three(core::Pcg64& random) { return random.integers(0, 3); }
  static int64_t one_of_three(core::Philox& random) { return int64_t(3 * random.random()); }

  Params p_;
  Sampler<Math> sampler_;
};

}  // namespace envs
