"""What the command line prints is what it was given."""

from tools.operator.terminal import table, terminal, wrapped


def test_colons_in_names_and_arns_make_no_emoji(capsys):
    console = terminal()
    made = table("", Name="fold")
    made.add_row("arn:aws:secretsmanager:eu-west-1:1:secret:Huntress")
    console.print(made, ":fire: Brigade Ltd")

    printed = capsys.readouterr().out

    assert ":secret:Huntress" in printed and ":fire: Brigade Ltd" in printed


def test_a_terminal_gets_whole_words_and_a_pipe_one_line():
    text = "word " * 40

    assert max(map(len, wrapped(text, of_a_terminal=True).splitlines())) <= 100
    assert wrapped(text, of_a_terminal=False) == text
