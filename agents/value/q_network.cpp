#include "agents/value/q_network.h"

#include <cmath>
#include <utility>

#include "agents/episode_metrics.h"
#include "agents/evaluation.h"
#include "core/error.h"

namespace agents {

void QNetwork::Options::fields(core::Fields& f) {
  f.tagged("env", env.tagged(), "Environment with a Discrete action space");
  f.section("net", net, "Q-network; without hidden layers, on states that are counted, it is a table");
  f.list_section(
      "q_network",
      [this](core::Fields& own) {
        own.choice(
            "target", target,
            "What comes after an action is worth what the best next action is (q_learning), or the one "
            "that is taken (sarsa)",
            {"q_learning", "sarsa"});
        own.add("gamma", gamma, "Discount factor per step", {.min = 0, .max = 1});
        own.add(
            "num_steps", num_steps,
            "Transitions of each step at most, every one of which is learned from: it ends with an episode",
            {.min = 1, .max = 1e6, .unit = "transitions"});
        exploration.fields(own);
        own.choice(
            "epsilon_decay", epsilon_decay,
            "How it falls in that time: linearly, or by exp(-10 x^2) in the share x of it that is over",
            {"linear", "gaussian"});
      },
      "Its own options");
}

// States that enter one-hot have weights of their own: a bias, which all of them share, is left at 0.
static void leave_biases(const PolicyNet& net) {
  const torch::NoGradGuard no_grad;
  for (torch::Tensor& parameter : net.module()->parameters())
    if (parameter.dim() == 1) parameter.zero_().requires_grad_(false);
}

void QNetwork::build_net(training::Build& b) {
  const envs::Space& seen = env_->spec().observation;
  check_plain("q_network", options_.net);
  training::check_no_dropout(options_.net.mlp);
  const std::vector<Head> heads{{actions_, options_.net.mlp.out_gain}};
  q_.emplace("q", seen, heads, options_.net);
  if (seen.is_discrete() && options_.net.mlp.hidden.empty()) leave_biases(*q_);
  b.module("q", *q_->module());
  b.optimizer("q", {q_->module().get()},
              {{"td_loss", "", "Half the squared temporal-difference error of the transition"}});
  seen_.emplace(seen, 1);
  next_.emplace(seen, 1);
  slopes_ = torch::zeros({1, actions_});
}

void QNetwork::build(training::Build& b) {
  env_.emplace(options_.env);
  const envs::Spec& spec = env_->spec();
  core::check(spec.action.is_discrete(), "env: q_network needs a Discrete action space; {} has {}", spec.id,
              spec.action.str());
  actions_ = spec.action.n[0];
  build_net(b);
  env_->begin(exploration_, b);
  b.state("chosen",
          [this](core::Archive& archive) { archive.within("action", chosen_, none, actions_ - 1); });
  b.policy([this](const auto&... x) { return act(x...); });
  register_episodes(b);
  b.metric({"train/epsilon", "", "Probability of a random action"});
  b.metric({"train/q", "reward", "Value of the action that is taken, before the update"});
  b.metric({"train/td_error", "reward", "Magnitude of its temporal-difference error"});
  register_evaluation(options_.env, b);
}

double QNetwork::epsilon(double progress) const {
  const double over = options_.exploration.over(progress);
  return options_.exploration.at(options_.epsilon_decay == "linear" ? over : 1 - std::exp(-10 * over * over));
}

// Q(s, .) [A], until the net is asked again; `seen` keeps s.
const float* QNetwork::values(ObservationBatch& seen, const std::byte* observation) {
  seen.put(0, observation);
  return q_->forward(seen.input(), 1);
}

int64_t QNetwork::choose(ObservationBatch& seen, const std::byte* observation, MaskRow mask, double epsilon) {
  const bool explores = exploration_.random() < epsilon;
  const float* q = values(seen, observation);
  return explores ? random_possible(actions_, mask, exploration_) : best_possible(q, actions_, mask);
}

// Q(s', a'). What is taken after SARSA's transition is decided here, unless the episode is over.
double QNetwork::ahead(bool ended, double epsilon) {
  const MaskRow mask = env_->next_mask();
  if (options_.target == "q_learning") {
    const float* q = values(*next_, env_->next_observation());
    return static_cast<double>(q[best_possible(q, actions_, mask)]);
  }
  const int64_t action = choose(*next_, env_->next_observation(), mask, epsilon);
  if (!ended) chosen_ = action;
  return static_cast<double>(q_->forward(next_->input(), 1)[action]);
}

// One step of the optimiser towards what the action in s, which seen_ holds, should have been worth.
void QNetwork::update(int64_t action, double target, training::Step& step) {
  const double q = static_cast<double>(q_->forward(NetInput(seen_->tensor())).data_ptr<float>()[action]);
  slopes_.zero_();
  slopes_.data_ptr<float>()[action] = static_cast<float>(q - target);
  q_->backward(slopes_);
  step.apply_gradients("q", {{"td_loss", 0.5 * (q - target) * (q - target)}});
  step.log("train/q", q);
  step.log("train/td_error", std::abs(q - target));
}

// One transition; returns whether it ended the episode.
bool QNetwork::learn_one(double epsilon, training::Step& step) {
  int64_t action = std::exchange(chosen_, none);
  if (action == none)
    action = choose(*seen_, env_->observation(), env_->mask(), epsilon);
  else
    seen_->put(0, env_->observation());
  const auto [reward, terminated, ended] = env_->play(action, step);
  update(action, reward + (terminated ? 0 : options_.gamma * ahead(ended, epsilon)), step);
  return ended;
}

void QNetwork::step(training::Step& step) {
  const double now = epsilon(step.progress());
  int64_t played = 0;
  for (bool ended = false; !ended && played < options_.num_steps; ++played) ended = learn_one(now, step);
  step.collected(played);
  step.log("train/epsilon", now);
}

training::PolicyOutput QNetwork::act(const training::PolicyInput& input, bool greedy,
                                     torch::Generator generator) {
  const torch::Tensor q = q_->answer({input.observations}).clone();  // [N, A]
  const torch::Tensor best =
      (input.mask.defined() ? q.masked_fill(input.mask == 0, impossible) : q).argmax(1);
  const torch::Tensor taken =
      greedy ? best : explore(best, input.mask, actions_, options_.exploration.end, generator);
  return {.actions = taken, .q = q, .hidden = q_->hidden()};
}

void QNetwork::evaluate(training::Eval& eval) {
  agents::evaluate(
      options_.env, [this](const auto&... x) { return act(x...); }, eval);
}

}  // namespace agents
