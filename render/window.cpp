// The window: SFML's events to the viewer's keys, sixty pictures a second.
#include <SFML/Graphics.hpp>

#include <filesystem>
#include <sstream>

#include <fmt/format.h>

#include "core/error.h"
#include "render/png.h"
#include "render/sfml_canvas.h"
#include "render/viewer.h"
#include "render/watch.h"

namespace render {

namespace {

Key key_of(sf::Keyboard::Key code) {
  switch (code) {
    case sf::Keyboard::Space:
      return Key::pause;
    case sf::Keyboard::Left:
      return Key::back;
    case sf::Keyboard::Right:
      return Key::forth;
    case sf::Keyboard::Up:
      return Key::faster;
    case sf::Keyboard::Down:
      return Key::slower;
    case sf::Keyboard::Home:
      return Key::first;
    case sf::Keyboard::End:
      return Key::last;
    case sf::Keyboard::N:
      return Key::next;
    case sf::Keyboard::P:
      return Key::previous;
    case sf::Keyboard::R:
      return Key::restart;
    case sf::Keyboard::H:
      return Key::help;
    case sf::Keyboard::Q:
    case sf::Keyboard::Escape:
      return Key::quit;
    default:
      return Key::none;
  }
}

Key key_named(const std::string& name) {
  static const std::pair<const char*, Key> names[] = {
      {"space", Key::pause}, {"left", Key::back},  {"right", Key::forth}, {"up", Key::faster},
      {"down", Key::slower}, {"home", Key::first}, {"end", Key::last},    {"n", Key::next},
      {"p", Key::previous},  {"r", Key::restart},  {"h", Key::help},      {"q", Key::quit}};
  for (const auto& [known, key] : names)
    if (name == known) return key;
  core::fail("keys: unknown key '{}'", name);
}

// As the person sees it: what was drawn last.
void save_screen(const sf::RenderWindow& window, const std::filesystem::path& file) {
  sf::Texture texture;
  texture.create(window.getSize().x, window.getSize().y);
  texture.update(window);
  const sf::Image seen = texture.copyToImage();
  const sf::Uint8* pixels = seen.getPixelsPtr();
  const auto size = static_cast<size_t>(seen.getSize().x) * seen.getSize().y * 4;
  write_png(
      {static_cast<int>(seen.getSize().x), static_cast<int>(seen.getSize().y), 4, {pixels, pixels + size}},
      file);
}

// atelier-1.png, atelier-2.png, ... in the working folder.
std::filesystem::path free_name() {
  for (int k = 1;; ++k)
    if (std::filesystem::path name = fmt::format("atelier-{}.png", k); !std::filesystem::exists(name))
      return name;
}

class Window {
 public:
  Window(Viewer& viewer, const WatchOptions& options)
      : viewer_(viewer),
        options_(options),
        window_(sf::VideoMode(static_cast<unsigned>(options.width), static_cast<unsigned>(options.height)),
                "Atelier", sf::Style::Default, sf::ContextSettings(0, 0, 8)),
        canvas_(window_),
        keys_(options.keys) {
    window_.setFramerateLimit(60);
    window_.setKeyRepeatEnabled(true);
  }

  void run() {
    sf::Clock clock;
    while (!viewer_.done() && window_.isOpen()) {
      take_events();
      if (std::string name; keys_ >> name) viewer_.press(key_named(name));
      viewer_.advance(clock.restart().asSeconds());
      set_title();
      viewer_.draw(canvas_, window_.getSize().x, window_.getSize().y);
      const bool over =
          options_.seconds > 0 && whole_.getElapsedTime().asSeconds() >= options_.seconds && keys_.eof();
      if (over && !options_.screenshot.empty()) save_screen(window_, options_.screenshot);
      window_.display();
      if (over) window_.close();
    }
  }

 private:
  void take_events() {
    for (sf::Event event; window_.pollEvent(event);) {
      if (event.type == sf::Event::Closed) viewer_.press(Key::quit);
      if (event.type != sf::Event::KeyPressed) continue;
      if (event.key.code == sf::Keyboard::S) save_screen(window_, free_name());
      viewer_.press(key_of(event.key.code));
    }
  }
  void set_title() {
    if (shown_ == viewer_.episode()) return;
    shown_ = viewer_.episode();
    window_.setTitle(
        fmt::format("Atelier \u00b7 {} \u00b7 episode {}", viewer_.player().format().env_id, shown_));
  }

  Viewer& viewer_;
  const WatchOptions& options_;
  sf::RenderWindow window_;
  SfmlCanvas canvas_;
  std::istringstream keys_;
  sf::Clock whole_;
  int64_t shown_ = -1;
};

}  // namespace

int show(Viewer& viewer, const WatchOptions& options) {
  require_display();
  Window(viewer, options).run();
  return 0;
}

}  // namespace render
