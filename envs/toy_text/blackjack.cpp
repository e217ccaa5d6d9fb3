#include "envs/toy_text/blackjack.h"

#include <algorithm>
#include <numeric>

#include "envs/scene.h"

namespace envs {

namespace {

int hard_sum(const Hand& hand) {
  return std::accumulate(hand.cards.begin(), hand.cards.begin() + hand.size, 0);
}

uint8_t draw_card(core::Pcg64& random) {
  const int64_t rank = random.integers(0, 13);  // ace, 2 .. 10, jack, queen, king
  return uint8_t(rank < 10 ? rank + 1 : 10);
}

}  // namespace

bool Hand::usable_ace() const {
  const bool ace = std::find(cards.begin(), cards.begin() + size, 1) != cards.begin() + size;
  return ace && hard_sum(*this) + 10 <= 21;
}

int Hand::sum() const { return hard_sum(*this) + (usable_ace() ? 10 : 0); }

void Blackjack::reset(core::Pcg64& random) {
  player_ = dealer_ = {};
  over_ = 0;
  for (Hand* hand : {&dealer_, &player_})
    for (int k = 0; k < 2; ++k) hand->add(draw_card(random));
  suit_ = uint8_t(random.integers(0, 4));
  face_ = dealer_.cards[0] == 10 ? uint8_t(random.integers(0, 3)) : 0;
}

Outcome Blackjack::step(const int64_t* action, core::Pcg64& random) {
  if (*action == 1) {
    player_.add(draw_card(random));
    over_ = player_.bust();
    return {over_ ? -1.0f : 0.0f, over_};
  }
  while (dealer_.sum() < 17) dealer_.add(draw_card(random));
  over_ = 1;
  return {settle(), 1};
}

float Blackjack::settle() const {
  const int mine = player_.score(), theirs = dealer_.score();
  const float reward = float(mine > theirs) - float(mine < theirs);
  if (p_.sab && player_.natural() && !dealer_.natural()) return 1;
  if (!p_.sab && p_.natural && player_.natural() && reward == 1) return 1.5f;
  return reward;
}

// Without a card of 0, which would never come to 21.
bool Hand::is_sound() const {
  const auto is_card = [](uint8_t card) { return card >= 1 && card <= 10; };
  return size < cards.size() && std::all_of(cards.begin(), cards.begin() + size, is_card);
}

void Blackjack::state(core::Archive& archive, const std::string& name) {
  archive(name + "player", player_);
  archive(name + "dealer", dealer_);
  archive(name + "suit", suit_);
  archive(name + "face", face_);
  archive(name + "over", over_);
}

namespace {

constexpr core::Color felt{58, 112, 88}, rim{46, 92, 72}, red{184, 62, 60};
constexpr double width = 1, height = 1.4;  // of a card

void box(core::Vec low, double w, double h, core::Paint paint, core::Canvas& canvas) {
  const std::array<core::Vec, 4> corners{
      {low, {low.x + w, low.y}, {low.x + w, low.y + h}, {low.x, low.y + h}}};
  canvas.polygon(corners, paint);
}

// Clubs, diamonds, hearts, spades, as Gymnasium's C, D, H, S.
void draw_suit(core::Vec at, uint8_t suit, core::Canvas& canvas) {
  const double r = 0.11;
  const core::Color color = suit == 1 || suit == 2 ? red : scene::ink;
  const double tip = suit == 2 ? -1 : 1;  // a heart is a spade upside down, without its foot
  if (suit == 0)
    for (const core::Vec leaf : {core::Vec{-r, -0.02}, {r, -0.02}, {0, 0.15}})
      canvas.circle({at.x + leaf.x, at.y + leaf.y}, r, core::filled(color));
  if (suit == 1) {
    const std::array<core::Vec, 4> diamond{
        {{at.x, at.y + 0.25}, {at.x + 0.18, at.y}, {at.x, at.y - 0.25}, {at.x - 0.18, at.y}}};
    canvas.polygon(diamond, core::filled(color));
  }
  if (suit >= 2) {
    for (const double side : {-1.0, 1.0})
      canvas.circle({at.x + side * 0.1, at.y - tip * 0.05}, r, core::filled(color));
    const std::array<core::Vec, 3> point{
        {{at.x - 0.2, at.y - tip * 0.01}, {at.x + 0.2, at.y - tip * 0.01}, {at.x, at.y + tip * 0.24}}};
    canvas.polygon(point, core::filled(color));
  }
  if (suit == 0 || suit == 3) canvas.line({at.x, at.y}, {at.x, at.y - 0.22}, color, 0.06);
}

void draw_back(core::Vec low, core::Canvas& canvas) {
  box(low, width, height, {scene::paper, scene::ink, 0.02}, canvas);
  box({low.x + 0.09, low.y + 0.09}, width - 0.18, height - 0.18, core::filled(scene::force), canvas);
  for (int k = 1; k < 6; ++k) {
    const double x = low.x + 0.09 + k * (width - 0.18) / 6;
    canvas.line({x, low.y + 0.13}, {x, low.y + height - 0.13}, {88, 142, 200}, 0.03);
  }
}

void draw_face(core::Vec low, std::string_view rank, uint8_t suit, core::Canvas& canvas) {
  box(low, width, height, {{255, 255, 255}, scene::ink, 0.02}, canvas);
  const core::Color color = suit == 1 || suit == 2 ? red : scene::ink;
  canvas.text({low.x + 0.12, low.y + height - 0.36}, rank, 0.24, color, core::Align::left);
  draw_suit({low.x + width / 2, low.y + 0.45}, suit, canvas);
}

std::string_view rank_of(uint8_t card, uint8_t face) {
  static constexpr std::array<std::string_view, 10> numbers{"A", "2", "3", "4", "5",
                                                            "6", "7", "8", "9", "10"};
  static constexpr std::array<std::string_view, 3> faces{"J", "Q", "K"};
  return card == 10 ? faces[face] : numbers[size_t(card - 1)];
}

// Cards side by side around x = 0, closer when there are many. The first has its own suit and face.
void draw_hand(const Hand& hand, size_t open, double y, uint8_t suit, uint8_t face, core::Canvas& canvas) {
  const double apart = std::min(1.15, 5.0 / double(hand.size));
  const double left = -(apart * double(hand.size - 1) + width) / 2;
  for (size_t k = 0; k < hand.size; ++k) {
    const core::Vec low{left + apart * double(k), y};
    if (k < open)
      draw_face(low, rank_of(hand.cards[k], uint8_t((face + k) % 3)), uint8_t((suit + k) % 4), canvas);
    else
      draw_back(low, canvas);
  }
}

}  // namespace

void Blackjack::draw(core::Canvas& canvas) const {
  canvas.view({-4, -2.4, 8, 4.8}, rim);
  box({-3.85, -2.25}, 7.7, 4.5, core::filled(felt), canvas);
  const core::Color chalk{226, 236, 228};
  draw_hand(dealer_, over_ ? dealer_.size : 1, 0.5, suit_, face_, canvas);
  draw_hand(player_, player_.size, -1.9, uint8_t(suit_ + 2), uint8_t(face_ + 1), canvas);
  canvas.text({-3.6, 1.72}, "dealer", 0.16, chalk, core::Align::left);
  canvas.text({-3.6, -0.68}, "player", 0.16, chalk, core::Align::left);
  const std::string theirs = std::to_string(over_ ? dealer_.sum() : int(dealer_.cards[0])),
                    mine = std::to_string(player_.sum());
  canvas.text({-3.6, 1.2}, theirs, 0.34, chalk, core::Align::left);
  canvas.text({-3.6, -1.2}, mine, 0.34, chalk, core::Align::left);
}

}  // namespace envs
