"""Labels that say a mail was never an exchange: spam, bin, chat, unsent drafts."""

from __future__ import annotations

from collections.abc import Iterable

# Gmail writes the names of its own folders in the account's language. Drafts were never sent.
_JUNK_LABELS = frozenset(
    name.casefold()
    for name in (
        "spam,trash,bin,chat,chats,junk,deleted,deleted messages,draft,drafts,"
        "papierkorb,entwurf,entwürfe,corbeille,pourriel,courrier indésirable,brouillon,brouillons,"
        "papelera,correo no deseado,borrador,borradores,cestino,posta indesiderata,bozza,bozze,"
        "lixeira,lixo,lixo eletrônico,lixo eletrónico,rascunho,rascunhos,prullenbak,concept,concepten,"
        "skräppost,papperskorgen,papperskorg,utkast,papirkurv,papirkurven,søppelpost,kladder,roskaposti,roskakori,"
        "luonnokset,"
        "kosz,wersje robocze,koš,koncepty,kôš,kuka,lomtár,piszkozatok,coș de gunoi,coş de gunoi,mesaje nefinalizate,"
        "çöp kutusu,çöp,taslaklar,спам,корзина,чаты,чат,черновики,кошик,чернетки,кошче,чернови,"
        "迷惑メール,ゴミ箱,チャット,下書き,垃圾邮件,垃圾郵件,已删除邮件,垃圾桶,回收站,草稿,聊天,스팸함,스팸,휴지통,채팅,임시보관함,"
        "الرسائل غير المرغوب فيها,المهملات,المسودات,ספאם,אשפה,טיוטות,ανεπιθύμητα,κάδος απορριμμάτων,"
        "πρόχειρα,thư rác,thùng rác"
    ).split(",")
)


def is_junk_label(labels: Iterable[str]) -> bool:
    """Whether Gmail's labels say spam, bin, chat or unsent draft, in any of the common languages."""
    return any(label.rpartition("/")[2].strip().casefold() in _JUNK_LABELS for label in labels)
