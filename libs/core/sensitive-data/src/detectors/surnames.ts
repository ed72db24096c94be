/** Surnames of more than one character (复姓). */
export const COMPOUND_SURNAMES: ReadonlySet<string> = new Set(
  (
    '欧阳 太史 端木 上官 司马 东方 独孤 南宫 万俟 闻人 夏侯 诸葛 尉迟 公羊 赫连 澹台 皇甫 宗政 濮阳 公冶 太叔 申屠 公孙 慕容 仲孙 钟离 长孙 宇文 司徒 ' +
    '鲜于 司空 闾丘 子车 亓官 司寇 巫马 公西 颛孙 壤驷 公良 漆雕 乐正 宰父 谷梁 拓跋 夹谷 轩辕 令狐 段干 百里 呼延 东郭 南门 羊舌 微生 公户 公玉 公仪 ' +
    '梁丘 公仲 公上 公门 公山 公坚 左丘 公伯 西门 公祖 第五 公乘 贯丘 公皙 南荣 东里 东宫 仲长 子书 子桑 即墨 达奚 褚师'
  ).split(' '),
);

/** Surnames of one character: the commonest of today and those of the Hundred Family Surnames. */
export const SURNAMES: ReadonlySet<string> = new Set(
  (
    '王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许邓冯韩曹曾彭萧肖蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚卢傅钟姜崔谭廖范汪陆金石戴贾韦夏邱方侯邹' +
    '熊孟秦白江阎薛尹段雷黎史龙陶贺顾毛郝龚邵万钱严覃武戴莫孔向汤常温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴' +
    '霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑' +
    '郎甄丛仲虞敖巩明佘池查麻苑迟邝官封谈匡鞠惠荆乐冀郁胥南班储原栗燕楚鄢劳谌奚皮粟冼蔺楼盘满闻位厉伊仝区郜海阚花权强帅屠豆朴盖练廉禹井祖漆巴丰支卿国狄平计索宣晋相初门云容敬来扈晁都芮普阙浦戈伏鹿薄邸雍辜羊阿乌母裘亓修邰赫杭况那宿鲜印逯隆茹诺战慕危玉银亢嵇公哈湛宾戎勾茅利於呼居揭干但尉冶斯元束檀衣信展阴昝智幸奉植衡富尧闭由'
  ).split(''),
);

/** Characters that given names are made of. */
export const GIVEN_CHARACTERS: ReadonlySet<string> = new Set(
  (
    '伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂华建国文辉力健俊宇浩然轩子涵梓萱欣怡思雨晨曦雪梅琳玲红燕萍婷婧倩莉颖洁玉珍珠凤翠云莲荷菊春夏秋冬阳晓东南西北海江河波涵清泉源峰岭山川石岩松柏林森木树枫桐楠桦青绿蓝紫金银鑫铭锋钢铁' +
    '志成功立业庆祥瑞福禄寿喜康宁安乐永恒久远长生新民族爱家兴旺盛昌荣富贵德仁义礼智信忠孝廉耻勤俭善良正直诚实厚朴博学才艺书诗画琴棋剑龙虎豹狮鹰鹏飞翔腾跃骏驰骋天地日月星辰光亮彬斌武威猛雄豪壮坚毅刚烈威凯胜利捷达通顺畅鸿鹤雁鸣' +
    '佳嘉家加佩培沛珮琪琦奇祺淇启其宏洪弘红虹泓智芝芷之知致至志治琼瑶瑾瑜璐璇璟玥玮玲珑琬琰琛珺珂岚峻屹崇嵩宸宣定宽宝宗官容寒宵彦彩彤形影心忆怀思恩恬悦惠慧慕懿戈成承振挺捷敬斐斯旭昀昊昕昭晖晗景晴智暄暖曼朋望朝朗' +
    '权杏李杨柔柯柳栋栩桃梁梦楚榕槿欢欧歌毓民水汉汐沁沐沛泽洁津洲浅润淑淳深渊温湘溪滢潇澄澜灵灿炎炜烁烨焕煜熙燕爽牧玄玉王珊珍理琴瑛甜田畅畔皓盈真睿石硕碧磊礼祎祖秋科程穆空立竹笑筠米素紫绍维绮罗美羽翠翰耀聪胜腾舒航良艺艾芊芙芬花芸苏苑若英' +
    '茂茗茜茵茹荃荣莎莹菁菲萌萍蓉蓓蕊蕾薇藜虎蝶衡袁裕言训诗语诺谦豪贝贤贵赞超越路轶辰迎运远逸道邦郁醒采钰铃铎锐锦镇镜长闻阅阔陆陶隆雁雅雄雯震霆霄霏霖露霜静非韵韶音顺颂颖风香馨高鸿鹏麒麟黎黛默齐龙一乃义乐九乾亚亦亮仁仙仪任伊伟传伦佑作俊俏保信修倩健儒元兆先光克全公兰兵其兴冠军冰凌凝凡凤初利刚剑力加劲勇勋勤化北千升华卉卓南博卫印卿厚友双发叶君吉同名向吟启周和咏哲唐善嘉园圆圣坚坤城培基堂墨士壮夏夕大太奇奕好如妍妙妮妹姗姣娅娇娜娟娥娴婉婕媚媛嫣子孔孝孟学宁宇安'
  ).split(''),
);

/** Syllables of surnames in Latin letters. */
export const PINYIN_SURNAMES: ReadonlySet<string> = new Set(
  (
    'wang li zhang liu chen yang huang zhao wu zhou xu sun ma zhu hu guo he lin gao luo zheng liang xie song tang deng feng han cao zeng peng xiao cai pan tian dong yuan yu ye jiang du su wei ' +
    'cheng lu lv ding shen ren yao fu zhong cui tan liao fan jin shi dai jia xia qiu fang hou zou xiong meng qin bai yan xue yin duan lei shao long tao hao kong mao gu gong wan qian mo ' +
    'ouyang sima shangguan zhuge huangfu murong situ linghu'
  ).split(' '),
);

/** Given names of people who write with Latin letters, the commonest ones of several languages. */
export const LATIN_NAMES: ReadonlySet<string> = new Set(
  (
    'james john robert michael william david richard joseph thomas charles mary patricia jennifer linda elizabeth barbara susan jessica sarah karen daniel matthew anthony mark donald steven paul ' +
    'andrew joshua kenneth kevin brian george edward ronald timothy jason jeffrey ryan jacob gary nicholas eric jonathan stephen larry justin scott brandon benjamin samuel frank gregory raymond ' +
    'alexander patrick jack dennis jerry tyler aaron jose henry adam douglas nathan peter zachary kyle walter nancy lisa margaret betty sandra ashley dorothy kimberly emily donna michelle carol ' +
    'amanda melissa deborah stephanie rebecca laura sharon cynthia kathleen amy shirley angela helen anna brenda pamela nicole ruth katherine samantha christine emma catherine virginia rachel ' +
    'maria carlos juan luis ana mohammed mohamed muhammad ahmed ali fatima omar hassan ibrahim raj rahul amit priya anil sunil ravi kumar singh sanjay vijay deepak ivan olga sergei dmitri natasha ' +
    'jan petr pavel josef marie eva hans klaus peter anna jean pierre marie sophie julia lucas leon mia lea paolo marco giulia luca alice bob charlie dave eve grace victor vincent simon philip ' +
    'arthur albert alan alex ben carl chris dan diana elena emma eric fiona frances fred gabriel harry ian irene isaac jane janet jim joe joan joyce judy julie karl kate kelly leo lily louis lucy ' +
    'martin max mike nick nina oliver oscar pam ray rita roger rose sam sean sophia steve sue tina tom tony vera wendy edna chao ming wei jing'
  ).split(' '),
);
