#include "agents/planning/alphazero.h"

#include <algorithm>
#include <cstring>

#include "agents/evaluation.h"
#include "agents/evolution/population.h"
#include "agents/planning/planned_policy.h"
#include "core/error.h"

namespace agents {

void AlphaZero::Options::fields(core::Fields& f) {
  f.tagged("env", env.tagged(),
           "Board for two: its planes are what is learned from; its opponent is for evaluation");
  f.section("net", net, "Net of policy and value");
  f.list_section(
      "alphazero",
      [this](core::Fields& own) {
        own.add("simulations", search.simulations,
                "Leaves that are looked at before each move of a game against itself",
                {.min = 1, .max = 1e5});
        own.add("eval_simulations", eval_simulations, "The same where it is judged or used",
                {.min = 1, .max = 1e5});
        own.add("exploration", search.exploration, "Weight of the priors beside the mean value, c of PUCT",
                {.min = 0, .max = 100});
        own.add("noise_share", search.noise_share, "Share of noise in the root's priors while it learns",
                {.min = 0, .max = 1});
        own.add("noise_concentration", search.noise_concentration,
                "Of Dirichlet's law, whose noise it is: the lower, the fewer actions it favours",
                {.min = 0.01, .max = 100});
        own.add("temperature", search.temperature,
                "Sampled moves are drawn by visits to the power of 1 / temperature",
                {.min = 0.05, .max = 10});
        own.add("sampled_moves", search.sampled_moves,
                "So many first moves of a game are sampled, the others are those tried most",
                {.min = 0, .max = 1000, .unit = "moves"});
        own.add("games", games, "Games of each step", {.min = 1, .max = 1e5, .unit = "games"});
        own.add("updates", updates, "Updates of each step", {.min = 1, .max = 1e5});
        own.add("batch_size", batch_size, "Positions behind each update",
                {.min = 1, .max = 1e5, .unit = "positions"});
        own.add("window", window, "Latest positions that are learned from",
                {.min = 1, .max = 1e7, .unit = "positions"});
        own.add("value_weight", value_weight, "Weight of the value's error beside the policy's",
                {.min = 0, .max = 100});
      },
      "AlphaZero's own options");
}

void AlphaZero::build(training::Build& b) {
  game_ = envs::board_of(options_.env);
  core::check(
      game_.has_value(),
      "env: alphazero needs a board for two without wrappers that shows its planes, as ConnectFour-v0 "
      "does; {} is none",
      options_.env.id);
  core::check(training::kernels::activation(options_.net.activation).has_value(),
              "net.activation: alphazero plays with identity, leaky_relu, relu, sigmoid or tanh, found {}",
              options_.net.activation);
  training::check_no_dropout(options_.net);
  const envs::Spec spec = options_.env.make(1)->spec();
  const int64_t O = spec.observation.size(), W = options_.window;
  actions_ = spec.action.n[0];
  net_ = training::NativeMlp("net", O, actions_ + 1, options_.net);
  b.module("net", *net_);
  b.optimizer("net", {net_.get()},
              {{"policy", "nats", "Cross-entropy of the search's visits and the net's policy"},
               {"value", "", "Mean square of the net's value less the outcome"}});
  b.policy([this](const auto&... x) { return act(x...); });
  register_evaluation(options_.env, b);
  b.metric({"train/game_length", "moves", "Mean length of the games it has played against itself"});
  if (b.purpose() != training::Purpose::training) return;
  core::require_memory(static_cast<double>(W) * static_cast<double>(O + 4 * actions_ + 4),
                       "alphazero.window: positions");
  b.buffer("window_planes", planes_ = torch::zeros({W, O}, torch::kUInt8));
  b.buffer("window_visits", visits_ = torch::zeros({W, actions_}));
  b.buffer("window_outcomes", outcomes_ = torch::zeros({W}));
  b.collects();
  seed_ = b.seed_for("self_play");
  draws_ = core::Pcg64(b.seed_for("data"));
  b.state("self_play", [this](core::Archive& archive) {
    archive("random", draws_);
    archive.within("games", played_, int64_t{0}, int64_t{1} << 60);
    archive.within("positions", stored_, int64_t{0}, int64_t{1} << 60);
  });
}

Judge AlphaZero::judge() const {
  const std::vector<double> flat = flatten(net_);
  return {training::FlatMlp(net_->inputs(), options_.net.hidden, net_->outputs(),
                            *training::kernels::activation(options_.net.activation)),
          std::vector<float>(flat.begin(), flat.end())};
}

void AlphaZero::remember(const std::vector<Example>& positions) {
  const int64_t W = planes_.size(0), O = planes_.size(1);
  for (const Example& seen : positions) {
    const int64_t at = stored_++ % W;
    std::copy(seen.planes.begin(), seen.planes.end(), planes_.data_ptr<uint8_t>() + at * O);
    std::copy(seen.visits.begin(), seen.visits.end(), visits_.data_ptr<float>() + at * actions_);
    outcomes_.data_ptr<float>()[at] = seen.outcome;
  }
}

AlphaZero::Drawn AlphaZero::draw() {
  const int64_t B = options_.batch_size, known = std::min(stored_, planes_.size(0));
  const torch::Tensor rows = torch::empty({B}, torch::kInt64);
  for (int64_t i = 0; i < B; ++i) rows.data_ptr<int64_t>()[i] = draws_.integers(0, known);
  return {planes_.index_select(0, rows).to(torch::kFloat32), visits_.index_select(0, rows),
          outcomes_.index_select(0, rows)};
}

// d (weight (v - z)^2) / dy = 2 weight (v - z) (1 - v^2) for v = tanh y; d (-pi' log p) / d logits = p - pi.
AlphaZeroLoss alphazero_loss(const torch::Tensor& outputs, const torch::Tensor& visits,
                             const torch::Tensor& outcomes, double value_weight) {
  const int64_t A = visits.size(1);
  const auto B = static_cast<double>(visits.size(0));
  const torch::Tensor log_p = outputs.narrow(1, 0, A).log_softmax(1);         // [B, A]
  const torch::Tensor v = outputs.select(1, A).tanh(), error = v - outcomes;  // [B]
  const torch::Tensor d_value = 2 * value_weight * error * (1 - v * v);
  return {-(visits * log_p).sum().item<double>() / B, error.square().mean().item<double>(),
          torch::cat({log_p.exp() - visits, d_value.unsqueeze(1)}, 1).div_(B)};
}

void AlphaZero::learn(const Drawn& drawn, training::Step& step) {
  const AlphaZeroLoss loss =
      alphazero_loss(net_->forward(drawn.planes), drawn.visits, drawn.outcomes, options_.value_weight);
  net_->backward(loss.d_outputs);
  step.apply_gradients("net", {{"policy", loss.policy}, {"value", loss.value, options_.value_weight}});
}

void AlphaZero::step(training::Step& step) {
  const auto positions = self_play(*game_, judge(), options_.search, seed_, played_, options_.games);
  played_ += options_.games;
  remember(positions);
  step.collected(std::ssize(positions));
  step.log("train/game_length", static_cast<double>(positions.size()) / static_cast<double>(options_.games));
  for (int64_t k = 0; k < options_.updates; ++k) learn(draw(), step);
}

training::PolicyOutput AlphaZero::act(const training::PolicyInput& input, bool greedy,
                                      torch::Generator generator) {
  const torch::Tensor planes = input.observations.cpu().contiguous();  // [N, O]
  const int64_t N = planes.size(0);
  SelfPlayOptions search = options_.search;
  search.simulations = options_.eval_simulations;
  const auto plans = plan_boards(*game_, judge(), search, planes.data_ptr<float>(), N);
  return told(plans, actions_, greedy, std::move(generator));
}

void AlphaZero::evaluate(training::Eval& eval) {
  agents::evaluate(
      options_.env, [this](const auto&... x) { return act(x...); }, eval);
}

}  // namespace agents
