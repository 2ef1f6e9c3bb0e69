"""Common emoji by their :shortcode:."""

import re

_TABLE = """
+1 👍 thumbsup 👍 -1 👎 thumbsdown 👎 ok_hand 👌 wave 👋 clap 👏 raised_hands 🙌
raised_hand ✋ hand ✋ pray 🙏 handshake 🤝 muscle 💪 point_right 👉 point_left 👈
point_up ☝️ point_down 👇 v ✌️ writing_hand ✍️ smile 😄 smiley 😃 grinning 😀 grin 😁
joy 😂 laughing 😆 slightly_smiling_face 🙂 blush 😊 wink 😉 relieved 😌 thinking_face 🤔
neutral_face 😐 confused 😕 worried 😟 cry 😢 sob 😭 scream 😱 sweat_smile 😅 sleeping 😴
heart_eyes 😍 sunglasses 😎 hugging_face 🤗 angry 😠 tired_face 😫 face_with_monocle 🧐
exploding_head 🤯 eyes 👀 ear 👂 speech_balloon 💬 left_speech_bubble 🗨️
thought_balloon 💭 busts_in_silhouette 👥 bust_in_silhouette 👤
people_holding_hands 🧑‍🤝‍🧑 raising_hand 🙋 person_shrugging 🤷 shrug 🤷 seedling 🌱
herb 🌿 white_check_mark ✅ heavy_check_mark ✔️ ballot_box_with_check ☑️ x ❌
negative_squared_cross_mark ❎ heavy_multiplication_x ✖️ no_entry ⛔ no_entry_sign 🚫
octagonal_sign 🛑 stop_sign 🛑 warning ⚠️ exclamation ❗ question ❓ grey_question ❔
bangbang ‼️ interrobang ⁉️ information_source ℹ️ bulb 💡 bell 🔔 no_bell 🔕 mega 📣
loudspeaker 📢 mute 🔇 lock 🔒 unlock 🔓 key 🔑 closed_lock_with_key 🔐 shield 🛡️
calendar 📆 date 📅 spiral_calendar_pad 🗓️ alarm_clock ⏰ hourglass ⌛
hourglass_flowing_sand ⏳ stopwatch ⏱️ timer_clock ⏲️ clock1 🕐 clock3 🕒 clock5 🕔
clock9 🕘 clock12 🕛 watch ⌚ zzz 💤 memo 📝 pencil 📝 pencil2 ✏️ clipboard 📋
page_facing_up 📄 page_with_curl 📃 bookmark_tabs 📑 scroll 📜 open_file_folder 📂
file_folder 📁 card_index 📇 card_file_box 🗃️ file_cabinet 🗄️ wastebasket 🗑️ pushpin 📌
round_pushpin 📍 paperclip 📎 link 🔗 mag 🔍 mag_right 🔎 inbox_tray 📥 outbox_tray 📤
envelope ✉️ email 📧 incoming_envelope 📨 package 📦 ballot_box_with_ballot 🗳️
ballot_box 🗳️ bar_chart 📊 chart_with_upwards_trend 📈 chart_with_downwards_trend 📉
scales ⚖️ balance_scale ⚖️ classical_building 🏛️ school 🏫 office 🏢 house 🏠 hammer 🔨
hammer_and_wrench 🛠️ wrench 🔧 gear ⚙️ tools 🛠️ construction 🚧 robot_face 🤖
computer 💻 desktop_computer 🖥️ iphone 📱 telephone_receiver 📞 globe_with_meridians 🌐
earth_americas 🌎 earth_africa 🌍 money_with_wings 💸 moneybag 💰 dollar 💵 coin 🪙 gift 🎁
tada 🎉 confetti_ball 🎊 sparkles ✨ star ⭐ star2 🌟 dizzy 💫 fire 🔥 zap ⚡ rocket 🚀
trophy 🏆 medal 🏅 first_place_medal 🥇 second_place_medal 🥈 third_place_medal 🥉 dart 🎯
checkered_flag 🏁 triangular_flag_on_post 🚩 waving_white_flag 🏳️ white_flag 🏳️
books 📚 book 📖 green_book 📗 mortar_board 🎓 teacher 🧑‍🏫 apple 🍎 coffee ☕ pizza 🍕
cake 🍰 birthday 🎂 sunny ☀️ cloud ☁️ partly_sunny ⛅ rainbow 🌈 snowflake ❄️ umbrella ☔
ocean 🌊 evergreen_tree 🌲 deciduous_tree 🌳 palm_tree 🌴 four_leaf_clover 🍀 leaves 🍃
fallen_leaf 🍂 heart ❤️ yellow_heart 💛 green_heart 💚 blue_heart 💙 purple_heart 💜
orange_heart 🧡 black_heart 🖤 white_heart 🤍 broken_heart 💔 red_circle 🔴
large_orange_circle 🟠 large_yellow_circle 🟡 large_green_circle 🟢 large_blue_circle 🔵
large_purple_circle 🟣 white_circle ⚪ black_circle ⚫ large_red_square 🟥
large_yellow_square 🟨 large_green_square 🟩 large_blue_square 🟦 white_large_square ⬜
black_large_square ⬛ small_blue_diamond 🔹 small_orange_diamond 🔸 arrow_right ➡️
arrow_left ⬅️ arrow_up ⬆️ arrow_down ⬇️ arrow_upper_right ↗️ arrow_lower_right ↘️
left_right_arrow ↔️ arrow_right_hook ↪️ leftwards_arrow_with_hook ↩️
arrows_counterclockwise 🔄 repeat 🔁 rewind ⏪ fast_forward ⏩ double_vertical_bar ⏸️
arrow_forward ▶️ heavy_plus_sign ➕ heavy_minus_sign ➖ infinity ♾️ recycle ♻️ new 🆕
ok 🆗 up 🆙 sos 🆘 one 1️⃣ two 2️⃣ three 3️⃣ four 4️⃣ five 5️⃣ six 6️⃣ seven 7️⃣
eight 8️⃣ nine 9️⃣ keycap_ten 🔟 zero 0️⃣ hash #️⃣ 100 💯 rotating_light 🚨
traffic_light 🚦 vertical_traffic_light 🚦 crystal_ball 🔮 puzzle_piece 🧩 jigsaw 🧩
toolbox 🧰 compass 🧭 world_map 🗺️ thread 🧵 test_tube 🧪 microscope 🔬 telescope 🔭
hatching_chick 🐣 bird 🐦 dove_of_peace 🕊️ owl 🦉 bee 🐝 turtle 🐢 snail 🐌 dog 🐶 cat 🐱
unicorn_face 🦄
"""
_WORDS = _TABLE.split()
_EMOJI = dict(zip(_WORDS[::2], _WORDS[1::2], strict=True))

SHORTCODE = re.compile(r":([a-z0-9_+'-]+):(?::skin-tone-[2-6]:)?")


def emoji(name: str) -> str | None:
    """Return the character of a shortcode; None if it is unknown."""
    return _EMOJI.get(name)


def with_emoji(text: str) -> str:
    """Replace the known shortcodes, and leave the others as typed."""
    return SHORTCODE.sub(lambda match: _EMOJI.get(match[1], match[0]), text)
